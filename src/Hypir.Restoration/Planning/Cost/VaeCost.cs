using Hypir.Networks.Text;
using Hypir.Networks.Vae;

namespace Hypir.Restoration.Planning.Cost;

/// <summary>Counts the two halves of a VAE.</summary>
internal static class VaeCost
{
    /// <summary>Encoding one tile.</summary>
    /// <param name="config">The network.</param>
    /// <param name="map">The tile, in pixels.</param>
    public static NetworkCost Encoder(VaeConfig config, MapSize map)
    {
        var cost = new CostCounter();
        IReadOnlyList<long> channels = config.BlockOutChannels;
        cost.Conv(config.InChannels, channels[0], 3, map);
        for (int level = 0; level < channels.Count; level++)
        {
            for (int layer = 0; layer < config.LayersPerBlock; layer++)
            {
                cost.Enter($"encoder.down_blocks.{level}.resnets.{layer}");
                BlockCosts.Resnet(cost, channels[layer == 0 ? Math.Max(level - 1, 0) : level], channels[level], null, map);
            }
            if (level == channels.Count - 1)
                break;
            cost.Enter($"encoder.down_blocks.{level}.downsamplers.0");
            var half = new MapSize(map.Height / 2, map.Width / 2);
            BlockCosts.Sampler(cost, channels[level], map, half);
            map = half;
        }
        Mid(cost, config, "encoder", map);
        long moments = 2 * config.LatentChannels;
        cost.Norm(channels[^1]);
        cost.Conv(channels[^1], moments, 3, map);
        if (config.UseQuantConv)
            cost.Conv(moments, moments, 1, map);
        return cost.Finish();
    }

    /// <summary>Decoding one tile.</summary>
    /// <param name="config">The network.</param>
    /// <param name="map">The tile, in positions of the latent.</param>
    public static NetworkCost Decoder(VaeConfig config, MapSize map)
    {
        var cost = new CostCounter();
        IReadOnlyList<long> channels = config.BlockOutChannels;
        int levels = channels.Count;
        if (config.UsePostQuantConv)
            cost.Conv(config.LatentChannels, config.LatentChannels, 1, map);
        cost.Conv(config.LatentChannels, channels[^1], 3, map);
        Mid(cost, config, "decoder", map);
        for (int index = 0; index < levels; index++)
        {
            int level = levels - 1 - index;
            for (int layer = 0; layer <= config.LayersPerBlock; layer++)
            {
                cost.Enter($"decoder.up_blocks.{index}.resnets.{layer}");
                BlockCosts.Resnet(cost, channels[layer == 0 ? Math.Min(level + 1, levels - 1) : level], channels[level], null, map);
            }
            if (level == 0)
                break;
            cost.Enter($"decoder.up_blocks.{index}.upsamplers.0");
            map = map.Doubled;
            BlockCosts.Sampler(cost, channels[level], map, map);
        }
        cost.Norm(channels[0]);
        cost.Conv(channels[0], config.OutChannels, 3, map);
        return cost.Finish();
    }

    private static void Mid(CostCounter cost, VaeConfig config, string half, MapSize map)
    {
        long width = config.BlockOutChannels[^1];
        cost.Enter($"{half}.mid_block.resnets.0");
        BlockCosts.Resnet(cost, width, width, null, map);
        if (config.MidBlockAttention)
        {
            cost.Enter($"{half}.mid_block.attentions.0");
            BlockCosts.SpatialAttention(cost, width, map);
        }
        cost.Enter($"{half}.mid_block.resnets.1");
        BlockCosts.Resnet(cost, width, width, null, map);
    }
}

/// <summary>Counts a text encoder.</summary>
internal static class TextCost
{
    /// <summary>One prompt.</summary>
    public static NetworkCost Of(TextEncoderConfig config)
    {
        var cost = new CostCounter();
        long width = config.HiddenSize, tokens = config.MaxPositionEmbeddings;
        cost.Table(config.VocabSize, width);
        cost.Table(tokens, width);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            cost.Norm(width);
            for (int linear = 0; linear < 4; linear++)
                cost.Linear(width, width, tokens);
            cost.Attention(tokens, tokens, width);
            cost.Norm(width);
            cost.Linear(width, config.IntermediateSize, tokens);
            cost.Linear(config.IntermediateSize, width, tokens);
        }
        cost.Norm(width);
        cost.Alive(tokens * (4 * width + 2 * config.IntermediateSize));
        return cost.Finish();
    }
}
