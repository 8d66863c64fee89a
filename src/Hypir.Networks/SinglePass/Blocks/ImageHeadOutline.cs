using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>How a transformer network makes an image of its features.</summary>
public enum ImageHeadKind
{
    /// <summary>A convolution whose result is added to the input: noise and JPEG artifacts, at the input's size.</summary>
    Residual,

    /// <summary>Convolutions with pixel shuffles: classical super-resolution.</summary>
    Shuffle,

    /// <summary>One convolution and one pixel shuffle: lightweight super-resolution.</summary>
    DirectShuffle,

    /// <summary>Repeated pixels with convolutions after: real-world super-resolution.</summary>
    Repeat,
}

/// <summary>The head of a transformer network: the sizes of an <see cref="ImageHead"/>.</summary>
/// <param name="Kind">How it makes an image.</param>
/// <param name="Features">Channels of the features.</param>
/// <param name="OwnFeatures">Channels of the head, where it has some of its own; else 0.</param>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Scale">Pixels in a row of the image for each of the features.</param>
public sealed record ImageHeadOutline(ImageHeadKind Kind, long Features, long OwnFeatures, long Channels, int Scale)
{
    /// <summary>What negative numbers are multiplied by after the first convolution.</summary>
    internal const double EntrySlope = 0.01;

    /// <summary>What negative numbers are multiplied by after the others.</summary>
    internal const double Slope = 0.2;

    /// <summary>The blocks of a network's outline.</summary>
    public IReadOnlyList<SinglePassBlock> Blocks => [.. HeadBlocks()];

    /// <summary>The head's enlarging convolutions: name, channels of the result, and by how much each enlarges.</summary>
    public IEnumerable<(string Name, long From, long To, int Factor)> Steps => Kind switch
    {
        ImageHeadKind.Shuffle when Scale == 3 => [("upsample.0", OwnFeatures, 9 * OwnFeatures, 3)],
        ImageHeadKind.Shuffle => Doublings.Select(i => ($"upsample.{2 * i}", OwnFeatures, 4 * OwnFeatures, 2)),
        ImageHeadKind.DirectShuffle => [("upsample.0", Features, Channels * Scale * Scale, Scale)],
        ImageHeadKind.Repeat => Doublings.Select(i => ($"conv_up{i + 1}", OwnFeatures, OwnFeatures, 2)),
        _ => [],
    };

    private IEnumerable<int> Doublings => Enumerable.Range(0, int.Log2(Scale));

    /// <summary>Reads the head of a network whose names are SwinIR's.</summary>
    /// <param name="weights">The file's keys and shapes.</param>
    /// <param name="features">Channels of the features.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <exception cref="ModelException">Its sizes contradict each other.</exception>
    public static ImageHeadOutline Read(WeightShapes weights, long features, long channels)
    {
        ImageHeadKind kind = weights.Has("conv_before_upsample.0.weight")
            ? weights.Has("conv_up1.weight") ? ImageHeadKind.Repeat : ImageHeadKind.Shuffle
            : weights.Has("upsample.0.weight") ? ImageHeadKind.DirectShuffle : ImageHeadKind.Residual;
        bool own = kind is ImageHeadKind.Shuffle or ImageHeadKind.Repeat;
        return new(
            kind, features, own ? weights.Of("conv_before_upsample.0.weight", 4)[0] : 0, channels, ScaleOf(weights, kind, channels));
    }

    private static int ScaleOf(WeightShapes weights, ImageHeadKind head, long channels)
    {
        switch (head)
        {
            case ImageHeadKind.Repeat:
                return 1 << Math.Min(weights.Count(index => $"conv_up{index + 1}.weight"), 30);
            case ImageHeadKind.Shuffle:
                IReadOnlyList<long> step = weights.Of("upsample.0.weight", 4);
                // One step by 3, or steps by 2.
                return step[0] == 9 * step[1] ? 3 : 1 << Math.Min(weights.Count(index => $"upsample.{index}.weight", step: 2), 30);
            case ImageHeadKind.DirectShuffle:
                long spread = weights.Of("upsample.0.weight", 4)[0];
                return spread % channels == 0 && WeightShapes.WholeRoot(spread / channels) is { } root
                    ? root
                    : throw weights.Wrong($"the last convolution gives {spread} channels, which is no whole square times {channels}");
            default:
                return 1;
        }
    }

    private IEnumerable<SinglePassBlock> HeadBlocks()
    {
        long width = OwnFeatures > 0 ? OwnFeatures : Features;
        if (OwnFeatures > 0)
        {
            yield return new("conv_before_upsample.0", MapRatio.Same,
                new ConvLayer("conv_before_upsample.0", Features, width, 3), new LeakyReluLayer(EntrySlope))
            {
                Alive = 2 * Channels + Features + 2 * width,
            };
        }

        int scale = 1;
        foreach ((string name, long from, long to, int factor) in Steps)
        {
            // Repeated pixels come before their convolution, a shuffle after it.
            int at = Kind == ImageHeadKind.Repeat ? scale * factor : scale;
            var convolution = new ConvLayer(name, from, to, 3);
            yield return new(name, new(at), Kind == ImageHeadKind.Repeat
                ? [new RepeatLayer(factor), convolution, new LeakyReluLayer(Slope)]
                : [convolution, new ShuffleLayer(factor)])
            {
                Alive = 2 * Channels + (from + 2.0 * to) * at * at,
            };
            scale *= factor;
        }

        double last = 2 * Channels + (2.0 * width + 3 * Channels) * scale * scale;
        if (Kind == ImageHeadKind.Repeat)
        {
            yield return new("conv_hr", new(scale), new ConvLayer("conv_hr", width, width, 3), new LeakyReluLayer(Slope))
            {
                Alive = last,
            };
        }

        if (Kind != ImageHeadKind.DirectShuffle)
            yield return new("conv_last", new(scale), new ConvLayer("conv_last", width, Channels, 3)) { Alive = last };
    }
}
