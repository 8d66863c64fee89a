using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using Hypir.Planning.Outlines;

namespace Hypir.Training.Planning;

/// <summary>Counts the cost of the discriminator's tower and decoder, and of LPIPS.</summary>
internal static class DiscriminatorCost
{
    /// <summary>The tower.</summary>
    public static SegmentCounter Tower(ConvNextConfig config, MapSize image)
    {
        var cost = new SegmentCounter(0);
        var map = image with { Height = image.Height / 4, Width = image.Width / 4 };
        cost.Conv(3, config.Dims[0], 4, map);
        Norm(cost, config.Dims[0], map);
        End(cost, "stem", config.Dims[0], map, 3);
        for (int stage = 0; stage < config.Dims.Count; stage++)
        {
            long width = config.Dims[stage];
            if (stage > 0)
            {
                Norm(cost, config.Dims[stage - 1], map);
                cost.Save(config.Dims[stage - 1] * map.Positions);
                map = map.Halved;
                cost.Conv(config.Dims[stage - 1], width, 2, map);
                End(cost, $"stages.{stage}.downsample", width, map, 4);
            }

            for (int block = 0; block < config.Depths[stage]; block++)
                Block(cost, $"stages.{stage}.blocks.{block}", width, map);
        }

        cost.Vectors(config.Dims[^1]);
        cost.Linear(config.Dims[^1], config.EmbedDim, map.Batch, bias: false);
        cost.End("head", config.EmbedDim * map.Batch, 4 * config.Dims[^1] * map.Batch, 4 * config.Dims[^1] * map.Batch);
        return cost;
    }

    /// <summary>The decoder on the tower's maps.</summary>
    public static SegmentCounter Decoder(ConvNextConfig tower, DecoderConfig config, MapSize image)
    {
        var cost = new SegmentCounter(0);
        var map = image with { Height = image.Height / 4, Width = image.Width / 4 };
        for (int level = 0; level < config.MapChannels.Count; level++)
        {
            long channels = config.MapChannels[level];
            MapSize blurred = map with { Height = map.Height + 1, Width = map.Width + 1 };
            MapSize half = map.Halved;
            // The blurs' filters are buffers, with 16 products per element.
            cost.Save((channels * (map.Positions + blurred.Positions)) + 3 * config.Channels * half.Positions);
            cost.Conv(channels, config.Channels, 3, half);
            cost.Conv(config.Channels, 1, 1, half.Halved);
            cost.End($"decoder.{level}", half.Halved.Positions, 2 * channels * blurred.Positions + 2 * config.Channels * half.Positions,
                2 * (channels * blurred.Positions + config.Channels * half.Positions) + 2 * channels * config.Channels * 9);
            map = map.Halved;
        }

        cost.Linear(config.EmbedDim, config.Channels, map.Batch);
        cost.Linear(config.Channels, 1, map.Batch);
        cost.End("decoder.out", map.Batch, 4 * config.Channels * map.Batch, 2 * config.EmbedDim * config.Channels);
        return cost;
    }

    /// <summary>VGG16 on one batch of images, plus one side of the comparison in LPIPS.</summary>
    public static SegmentCounter Vgg(MapSize map)
    {
        var cost = new SegmentCounter(0);
        int[] layers = [2, 2, 3, 3, 3];
        long before = 3;
        for (int level = 0; level < layers.Length; level++)
        {
            long channels = Vgg16Features.Channels[level];
            if (level > 0)
            {
                map = map.Halved;
                // The pooled map, and the index of each maximum as a 64-bit integer.
                cost.Save(before * map.Positions * 3);
            }

            for (int layer = 0; layer < layers[level]; layer++)
            {
                cost.Conv(before, channels, 3, map);
                before = channels;
                cost.Save(layer < layers[level] - 1 ? channels * map.Positions : 0);
            }

            cost.End($"features.{level}", channels * map.Positions, 3 * channels * map.Positions, 4 * channels * map.Positions);
        }

        return cost;
    }

    private static void Block(SegmentCounter cost, string name, long width, MapSize map)
    {
        cost.Conv(width, width, 7, map, groups: width);
        cost.Vectors(width, 3);
        cost.Linear(width, 4 * width, map.Positions);
        cost.Linear(4 * width, width, map.Positions);
        // The norm's input and result, the inner map before and after its activation, the result that gamma scales.
        cost.Save((2 + 4 + 4 + 1) * width * map.Positions);
        End(cost, name, width, map, 10);
    }

    private static void Norm(SegmentCounter cost, long channels, MapSize map)
    {
        cost.Vectors(channels);
        cost.Save(channels * map.Positions);
    }

    private static void End(SegmentCounter cost, string name, long width, MapSize map, int alive) =>
        cost.End(name, width * map.Positions, alive * width * map.Positions, alive * width * map.Positions);
}
