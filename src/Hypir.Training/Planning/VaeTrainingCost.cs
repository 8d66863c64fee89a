using Hypir.Networks.Vae;

namespace Hypir.Training.Planning;

/// <summary>Counts the two halves of a VAE.</summary>
internal static class VaeTrainingCost
{
    /// <summary>Encoding a batch of pictures.</summary>
    public static SegmentCounter Encoder(VaeConfig config, MapSize map)
    {
        var cost = new SegmentCounter(0);
        IReadOnlyList<long> channels = config.BlockOutChannels;
        cost.Conv(config.InChannels, channels[0], 3, map);
        cost.End("encoder.conv_in", channels[0] * map.Positions, 2 * channels[0] * map.Positions, 0);
        for (int level = 0; level < channels.Count; level++)
        {
            for (int layer = 0; layer < config.LayersPerBlock; layer++)
                BlockTrainingCosts.Resnet(cost, $"encoder.down_blocks.{level}.resnets.{layer}", channels[layer == 0 ? Math.Max(level - 1, 0) : level], channels[level], null, map, false);
            if (level == channels.Count - 1)
                break;
            BlockTrainingCosts.Sampler(cost, $"encoder.down_blocks.{level}.downsamplers.0", channels[level], map, map.Halved, false);
            map = map.Halved;
        }

        Mid(cost, config, "encoder", map);
        long moments = 2 * config.LatentChannels;
        cost.Vectors(channels[^1]);
        cost.Conv(channels[^1], moments, 3, map);
        if (config.UseQuantConv)
            cost.Conv(moments, moments, 1, map);
        cost.End("encoder.conv_out", moments * map.Positions, 3 * channels[^1] * map.Positions, 0);
        return cost;
    }

    /// <summary>Decoding a batch of latents.</summary>
    public static SegmentCounter Decoder(VaeConfig config, MapSize map)
    {
        var cost = new SegmentCounter(0);
        IReadOnlyList<long> channels = config.BlockOutChannels;
        int levels = channels.Count;
        if (config.UsePostQuantConv)
            cost.Conv(config.LatentChannels, config.LatentChannels, 1, map);
        cost.Conv(config.LatentChannels, channels[^1], 3, map);
        cost.End("decoder.conv_in", channels[^1] * map.Positions, 2 * channels[^1] * map.Positions, channels[^1] * map.Positions);
        Mid(cost, config, "decoder", map);
        for (int index = 0; index < levels; index++)
        {
            int level = levels - 1 - index;
            for (int layer = 0; layer <= config.LayersPerBlock; layer++)
            {
                long before = channels[layer == 0 ? Math.Min(level + 1, levels - 1) : level];
                BlockTrainingCosts.Resnet(cost, $"decoder.up_blocks.{index}.resnets.{layer}", before, channels[level], null, map, false);
            }

            if (level == 0)
                break;
            BlockTrainingCosts.Sampler(cost, $"decoder.up_blocks.{index}.upsamplers.0", channels[level], map, map.Doubled, false);
            map = map.Doubled;
        }

        cost.Vectors(channels[0]);
        cost.Save(2 * channels[0] * map.Positions);
        cost.Conv(channels[0], config.OutChannels, 3, map);
        cost.End("decoder.conv_out", config.OutChannels * map.Positions, 3 * channels[0] * map.Positions, 3 * channels[0] * map.Positions);
        return cost;
    }

    private static void Mid(SegmentCounter cost, VaeConfig config, string half, MapSize map)
    {
        long width = config.BlockOutChannels[^1];
        BlockTrainingCosts.Resnet(cost, $"{half}.mid_block.resnets.0", width, width, null, map, false);
        if (config.MidBlockAttention)
            BlockTrainingCosts.SpatialAttention(cost, $"{half}.mid_block.attentions.0", width, map);
        BlockTrainingCosts.Resnet(cost, $"{half}.mid_block.resnets.1", width, width, null, map, false);
    }
}
