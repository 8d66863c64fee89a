using Hypir.Networks.UNet;

namespace Hypir.Restoration.Planning.Cost;

/// <summary>Counts a UNet.</summary>
internal static class UNetCost
{
    /// <summary>One evaluation on one latent tile.</summary>
    /// <param name="config">The network.</param>
    /// <param name="map">The tile.</param>
    /// <param name="tokens">Length of the text embedding.</param>
    public static NetworkCost Of(UNetConfig config, MapSize map, long tokens)
    {
        var cost = new CostCounter();
        IReadOnlyList<long> channels = config.BlockOutChannels;
        long first = channels[0], time = 4 * first;
        cost.Linear(first, time, 1);
        cost.Linear(time, time, 1);
        cost.Conv(config.InChannels, first, config.ConvInKernel, map);
        var skips = new Stack<(long Channels, MapSize Map)>();
        Keep(cost, skips, first, map);
        for (int level = 0; level < channels.Count; level++)
            map = Down(cost, config, level, tokens, time, map, skips);
        Mid(cost, config, tokens, time, map);
        for (int level = channels.Count - 1; level >= 0; level--)
            map = Up(cost, config, level, tokens, time, map, skips);
        cost.Norm(first);
        cost.Conv(first, config.OutChannels, config.ConvOutKernel, map);
        return cost.Finish();
    }

    private static MapSize Down(
        CostCounter cost, UNetConfig config, int level, long tokens, long time, MapSize map, Stack<(long Channels, MapSize Map)> skips)
    {
        long width = config.BlockOutChannels[level];
        for (int layer = 0; layer < config.LayersPerBlock[level]; layer++)
        {
            cost.Enter($"down_blocks.{level}.resnets.{layer}");
            BlockCosts.Resnet(cost, skips.Peek().Channels, width, time, map);
            if (config.DownAttention[level])
            {
                cost.Enter($"down_blocks.{level}.attentions.{layer}");
                BlockCosts.Transformer(cost, config, level, tokens, map);
            }
            Keep(cost, skips, width, map);
        }
        if (level == config.BlockOutChannels.Count - 1)
            return map;
        cost.Enter($"down_blocks.{level}.downsamplers.0");
        // Padding 1 rounds odd sizes up, padding after the last row and column rounds them down.
        MapSize half = config.DownsamplePadding == 0 ? new(map.Height / 2, map.Width / 2) : new((map.Height + 1) / 2, (map.Width + 1) / 2);
        BlockCosts.Sampler(cost, width, map, half);
        Keep(cost, skips, width, half);
        return half;
    }

    private static void Mid(CostCounter cost, UNetConfig config, long tokens, long time, MapSize map)
    {
        int level = config.BlockOutChannels.Count - 1;
        long width = config.BlockOutChannels[level];
        if (config.MidBlock == UNetMidBlockKind.None)
            return;
        cost.Enter("mid_block.resnets.0");
        BlockCosts.Resnet(cost, width, width, time, map);
        if (config.MidBlock == UNetMidBlockKind.Plain)
            return;
        cost.Enter("mid_block.attentions.0");
        BlockCosts.Transformer(cost, config, level, tokens, map);
        cost.Enter("mid_block.resnets.1");
        BlockCosts.Resnet(cost, width, width, time, map);
    }

    private static MapSize Up(
        CostCounter cost, UNetConfig config, int level, long tokens, long time, MapSize map, Stack<(long Channels, MapSize Map)> skips)
    {
        int levels = config.BlockOutChannels.Count, index = levels - 1 - level;
        long width = config.BlockOutChannels[level], below = config.BlockOutChannels[Math.Min(level + 1, levels - 1)];
        for (int layer = 0; layer <= config.LayersPerBlock[level]; layer++)
        {
            cost.Enter($"up_blocks.{index}.resnets.{layer}");
            long skip = skips.Pop().Channels;
            cost.Hold(-skip * map.Positions);
            BlockCosts.Resnet(cost, (layer == 0 ? below : width) + skip, width, time, map);
            if (config.UpAttention[index])
            {
                cost.Enter($"up_blocks.{index}.attentions.{layer}");
                BlockCosts.Transformer(cost, config, level, tokens, map);
            }
        }
        if (level == 0)
            return map;
        cost.Enter($"up_blocks.{index}.upsamplers.0");
        MapSize enlarged = skips.Peek().Map;
        BlockCosts.Sampler(cost, width, enlarged, enlarged);
        return enlarged;
    }

    private static void Keep(CostCounter cost, Stack<(long Channels, MapSize Map)> skips, long channels, MapSize map)
    {
        skips.Push((channels, map));
        cost.Hold(channels * map.Positions);
    }
}
