namespace Hypir.Restoration.Planning.Cost;

/// <summary>Costs of the blocks that the networks share.</summary>
internal static class BlockCosts
{
    /// <summary>
    /// Norm, activation, 3x3 convolution, twice, around a shortcut. While the first convolution runs, the block's input, the convolution's input and
    /// output are alive, and a copy of both that the CPU library orders as it likes.
    /// </summary>
    public static void Resnet(CostCounter cost, long inChannels, long outChannels, long? timeWidth, MapSize map)
    {
        cost.Norm(inChannels);
        cost.Conv(inChannels, outChannels, 3, map);
        if (timeWidth is long width)
            cost.Linear(width, outChannels, 1);
        cost.Norm(outChannels);
        cost.Conv(outChannels, outChannels, 3, map);
        if (inChannels != outChannels)
            cost.Conv(inChannels, outChannels, 1, map);
        cost.Alive(map.Positions * Math.Max(3 * inChannels + 2 * outChannels, inChannels + 4 * outChannels));
    }

    /// <summary>A 3x3 convolution between levels, from one size to another (for an upsampler both are the enlarged map's).</summary>
    public static void Sampler(CostCounter cost, long channels, MapSize from, MapSize to)
    {
        cost.Conv(channels, channels, 3, to);
        cost.Alive(channels * (2 * from.Positions + 2 * to.Positions));
    }

    /// <summary>The VAE's attention over positions; all its maps have biases.</summary>
    public static void SpatialAttention(CostCounter cost, long channels, MapSize map)
    {
        cost.Norm(channels);
        for (int linear = 0; linear < 4; linear++)
            cost.Linear(channels, channels, map.Positions);
        cost.Attention(map.Positions, map.Positions, channels);
        cost.Alive(6 * channels * map.Positions);
    }

    /// <summary>A UNet's transformers: self-attention, cross-attention, gated feed-forward, four times as wide inside.</summary>
    public static void Transformer(CostCounter cost, Networks.UNet.UNetConfig config, int level, long tokens, MapSize map)
    {
        long width = config.BlockOutChannels[level], positions = map.Positions;
        cost.Norm(width);
        cost.Linear(width, width, positions);
        for (int layer = 0; layer < config.TransformerLayers[level]; layer++)
        {
            SelfOrCross(cost, width, width, positions, positions);
            SelfOrCross(cost, width, config.CrossAttentionDim, positions, tokens);
            cost.Norm(width);
            cost.Linear(width, 8 * width, positions);
            cost.Linear(4 * width, width, positions);
        }
        cost.Linear(width, width, positions);
        // Inside the gate: input, norm, the doubled inner width, its gelu and the product.
        cost.Alive((2 + 8 + 4 + 4) * width * positions);
    }

    private static void SelfOrCross(CostCounter cost, long width, long contextWidth, long positions, long keys)
    {
        cost.Norm(width);
        cost.Linear(width, width, positions, bias: false);
        cost.Linear(contextWidth, width, keys, bias: false);
        cost.Linear(contextWidth, width, keys, bias: false);
        cost.Attention(positions, keys, width);
        cost.Linear(width, width, positions);
    }
}
