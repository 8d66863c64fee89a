using Hypir.Planning.Outlines;

namespace Hypir.Planning.Cost;

/// <summary>Computes a network's cost from its outline.</summary>
internal static class OutlineCost
{
    /// <summary>The cost of one evaluation on one tile.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tile">Size of its input.</param>
    /// <param name="tokens">Length of the text embedding, if the network reads one.</param>
    public static NetworkCost Of(NetworkOutline network, MapSize tile, long tokens = 0)
    {
        var cost = new CostCounter();
        foreach ((BlockOutline block, MapSize from, MapSize to) in network.Over(tile))
        {
            if (block.IsStep)
                cost.Enter(block.Name);
            if (block is ResnetBlock { Skip: SkipOutline skip })
                cost.Hold(-skip.Channels * from.Positions);
            foreach (LayerOutline layer in block.Layers)
                Count(cost, layer, to, tokens);
            if (block.IsStep)
                cost.Alive(Peak(block, from, to));
            if (block.IsSkip)
                cost.Hold(block.OutChannels * to.Positions);
        }

        return cost.Finish();
    }

    private static void Count(CostCounter cost, LayerOutline layer, MapSize map, long tokens)
    {
        switch (layer)
        {
            case ConvLayer conv:
                cost.Conv(conv.InChannels, conv.OutChannels, conv.Kernel, map);
                break;
            case LinearLayer linear:
                cost.Linear(linear.InWidth, linear.OutWidth, map.Length(linear.Sequence, tokens), linear.Bias);
                break;
            case GroupNormLayer norm:
                cost.Norm(norm.Channels);
                break;
            case LayerNormLayer norm:
                cost.Norm(norm.Channels);
                break;
            case AttentionLayer attention:
                cost.Attention(map.Positions, map.Length(attention.Keys, tokens), attention.Width);
                break;
        }
    }

    /// <summary>The largest number of elements alive at once within a block.</summary>
    private static long Peak(BlockOutline block, MapSize from, MapSize to) => block switch
    {
        // While the first convolution runs, the block's input and the convolution's input and output are alive, plus a copy of both in the
        // CPU library's own layout.
        ResnetBlock => to.Positions * Math.Max(3 * block.InChannels + 2 * block.OutChannels, block.InChannels + 4 * block.OutChannels),
        DownsamplerBlock => block.OutChannels * (2 * from.Positions + 2 * to.Positions),
        // The convolution reads the enlarged map.
        UpsamplerBlock => block.OutChannels * 4 * to.Positions,
        SpatialAttentionBlock => 6 * block.OutChannels * to.Positions,
        // Inside the gated unit: input, norm, the doubled inner width, its GELU and the product.
        TransformerBlock => (2 + 8 + 4 + 4) * block.OutChannels * to.Positions,
        _ => throw new ArgumentException($"{block.Name} is of a kind whose memory is unknown.", nameof(block)),
    };
}
