using Hypir.Networks.UNet;

namespace Hypir.Training.Planning;

/// <summary>Counts a UNet with adapters.</summary>
internal static class UNetTrainingCost
{
    /// <summary>One forward on a batch of latents.</summary>
    public static SegmentCounter Of(UNetConfig config, MapSize map, long tokens, long rank)
    {
        var cost = new SegmentCounter(rank);
        IReadOnlyList<long> channels = config.BlockOutChannels;
        long first = channels[0], time = 4 * first;
        cost.Linear(first, time, map.Batch);
        cost.Linear(time, time, map.Batch);
        cost.End("time_embedding", time * map.Batch, 3 * time * map.Batch, 3 * time * map.Batch);
        cost.Conv(config.InChannels, first, config.ConvInKernel, map);
        cost.End("conv_in", first * map.Positions, 2 * first * map.Positions, first * map.Positions);
        var skips = new Stack<(long Channels, MapSize Map)>([(first, map)]);
        for (int level = 0; level < channels.Count; level++)
            map = Down(cost, config, level, tokens, time, map, skips);
        Mid(cost, config, tokens, time, map);
        for (int level = channels.Count - 1; level >= 0; level--)
            map = Up(cost, config, level, tokens, time, map, skips);
        cost.Vectors(first);
        cost.Save(2 * first * map.Positions);
        cost.Conv(first, config.OutChannels, config.ConvOutKernel, map, adapted: true);
        cost.End("conv_out", config.OutChannels * map.Positions, 3 * first * map.Positions, 3 * first * map.Positions);
        return cost;
    }

    private static MapSize Down(
        SegmentCounter cost, UNetConfig config, int level, long tokens, long time, MapSize map, Stack<(long Channels, MapSize Map)> skips)
    {
        long width = config.BlockOutChannels[level];
        for (int layer = 0; layer < config.LayersPerBlock[level]; layer++)
        {
            BlockTrainingCosts.Resnet(cost, $"down_blocks.{level}.resnets.{layer}", skips.Peek().Channels, width, time, map, adapted: true);
            if (config.DownAttention[level])
                BlockTrainingCosts.Transformer(cost, $"down_blocks.{level}.attentions.{layer}", config, level, tokens, map);
            skips.Push((width, map));
        }

        if (level == config.BlockOutChannels.Count - 1)
            return map;
        MapSize half = config.DownsamplePadding == 0 ? map.Halved : map.HalvedUp;
        BlockTrainingCosts.Sampler(cost, $"down_blocks.{level}.downsamplers.0", width, map, half, adapted: true);
        skips.Push((width, half));
        return half;
    }

    private static void Mid(SegmentCounter cost, UNetConfig config, long tokens, long time, MapSize map)
    {
        int level = config.BlockOutChannels.Count - 1;
        long width = config.BlockOutChannels[level];
        if (config.MidBlock == UNetMidBlockKind.None)
            return;
        BlockTrainingCosts.Resnet(cost, "mid_block.resnets.0", width, width, time, map, adapted: true);
        if (config.MidBlock == UNetMidBlockKind.Plain)
            return;
        BlockTrainingCosts.Transformer(cost, "mid_block.attentions.0", config, level, tokens, map);
        BlockTrainingCosts.Resnet(cost, "mid_block.resnets.1", width, width, time, map, adapted: true);
    }

    private static MapSize Up(
        SegmentCounter cost, UNetConfig config, int level, long tokens, long time, MapSize map, Stack<(long Channels, MapSize Map)> skips)
    {
        int levels = config.BlockOutChannels.Count, index = levels - 1 - level;
        long width = config.BlockOutChannels[level], before = config.BlockOutChannels[Math.Min(level + 1, levels - 1)];
        for (int layer = 0; layer <= config.LayersPerBlock[level]; layer++)
        {
            long joined = before + skips.Pop().Channels;
            cost.End($"up_blocks.{index}.resnets.{layer} (skip)", joined * map.Positions, 2 * joined * map.Positions, joined * map.Positions);
            BlockTrainingCosts.Resnet(cost, $"up_blocks.{index}.resnets.{layer}", joined, width, time, map, adapted: true);
            before = width;
            if (config.UpAttention[index])
                BlockTrainingCosts.Transformer(cost, $"up_blocks.{index}.attentions.{layer}", config, level, tokens, map);
        }

        if (level == 0)
            return map;
        MapSize enlarged = skips.Peek().Map;
        BlockTrainingCosts.Sampler(cost, $"up_blocks.{index}.upsamplers.0", width, map, enlarged, adapted: true);
        return enlarged;
    }
}
