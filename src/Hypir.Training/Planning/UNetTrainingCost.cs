using Hypir.Networks.UNet;
using Hypir.Networks.Vae;

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

/// <summary>Blocks that UNet and VAE share: what each operation of theirs saves for its way back, in the order of the networks' code.</summary>
internal static class BlockTrainingCosts
{
    /// <summary>Norm, activation, 3x3 convolution, twice, around a shortcut.</summary>
    public static void Resnet(SegmentCounter cost, string name, long inChannels, long outChannels, long? timeWidth, MapSize map, bool adapted)
    {
        long positions = map.Positions;
        cost.Vectors(inChannels);
        // Both activations keep their input, both convolutions theirs, the second norm its own; the first norm's is the segment's input.
        cost.Save((2 * inChannels + 3 * outChannels) * positions);
        cost.Conv(inChannels, outChannels, 3, map, adapted);
        if (timeWidth is long width)
            cost.Linear(width, outChannels, map.Batch);
        cost.Vectors(outChannels);
        cost.Conv(outChannels, outChannels, 3, map, adapted);
        if (inChannels != outChannels)
            cost.Conv(inChannels, outChannels, 1, map, adapted);
        long widest = Math.Max(inChannels, outChannels);
        cost.End(name, outChannels * positions, Math.Max(3 * inChannels + 2 * outChannels, inChannels + 4 * outChannels) * positions, 4 * widest * positions);
    }

    /// <summary>A 3x3 convolution between levels, from one size to another.</summary>
    public static void Sampler(SegmentCounter cost, string name, long channels, MapSize from, MapSize to, bool adapted)
    {
        bool up = to.Positions > from.Positions;
        cost.Conv(channels, channels, 3, to, adapted);
        // An upsampler's convolution keeps the enlarged map; a downsampler's its padded input, at most.
        long kept = channels * (up ? to.Positions : from.Positions);
        cost.Save(kept);
        cost.End(name, channels * to.Positions, kept + 2 * channels * to.Positions + channels * from.Positions, 2 * kept + 2 * channels * to.Positions);
    }

    /// <summary>The VAE's attention over positions.</summary>
    public static void SpatialAttention(SegmentCounter cost, string name, long channels, MapSize map)
    {
        cost.Vectors(channels);
        for (int linear = 0; linear < 4; linear++)
            cost.Linear(channels, channels, map.Positions);
        cost.Attention(map, map.Each, channels);
        // The norm's result (kept as the maps' input), queries, keys, values, the mixture and its copy.
        cost.Save(6 * channels * map.Positions);
        cost.End(name, channels * map.Positions, 6 * channels * map.Positions, 6 * channels * map.Positions);
    }

    /// <summary>A UNet's transformers: self-attention, cross-attention, gated feed-forward, four times as wide inside.</summary>
    public static void Transformer(SegmentCounter cost, string name, UNetConfig config, int level, long tokens, MapSize map)
    {
        long width = config.BlockOutChannels[level], positions = map.Positions;
        cost.Vectors(width);
        cost.Save(2 * width * positions);
        cost.Linear(width, width, positions, adapted: true);
        for (int layer = 0; layer < config.TransformerLayers[level]; layer++)
        {
            Attention(cost, width, width, positions, map, map.Each);
            Attention(cost, width, config.CrossAttentionDim, map.Batch * tokens, map, tokens);
            cost.Vectors(width);
            // Input and result of the norm, both halves before the gate, the gate's activation, the product.
            cost.Save((2 + 8 + 4 + 4) * width * positions);
            cost.Linear(width, 8 * width, positions, adapted: true);
            cost.Linear(4 * width, width, positions, adapted: true);
        }

        cost.Save(2 * width * positions);
        cost.Linear(width, width, positions, adapted: true);
        cost.End(name, width * positions, (2 + 8 + 4 + 4) * width * positions, (8 + 4 + 4) * width * positions);
    }

    private static void Attention(SegmentCounter cost, long width, long contextWidth, long contextPositions, MapSize map, long keys)
    {
        long positions = map.Positions;
        cost.Vectors(width);
        cost.Linear(width, width, positions, bias: false, adapted: true);
        cost.Linear(contextWidth, width, contextPositions, bias: false, adapted: true);
        cost.Linear(contextWidth, width, contextPositions, bias: false, adapted: true);
        cost.Attention(map, keys, width);
        cost.Linear(width, width, positions, adapted: true);
        // Input and result of the norm, queries, the mixture and its copy; keys and values.
        cost.Save(5 * width * positions + 2 * width * contextPositions);
    }
}
