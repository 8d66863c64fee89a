using Hypir.Networks.Fast;
using Hypir.Networks.Weights;
using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Compact;

/// <summary>
/// Real-ESRGAN's small networks (SRVGGNetCompact; Wang et al., "Real-ESRGAN", 2021): convolutions in a row, each followed by a PReLU, whose
/// last gives the difference from the enlarged input. Names: realesr-general-x4v3, realesr-animevideov3, and many by other people.
/// </summary>
public sealed class CompactFamily : SinglePassFamily<CompactOutline>
{
    /// <inheritdoc/>
    public override string Name => CompactOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("body.0.weight", "body.0.bias", "body.1.weight", "body.2.weight") && !weights.Has("body.1.bias")
        && !weights.Has("conv_first.weight");

    /// <inheritdoc/>
    protected override CompactOutline Read(WeightShapes weights)
    {
        // Convolutions have the even numbers, PReLUs the odd ones; the last convolution has no PReLU.
        int convolutions = weights.Count(index => $"body.{index}.weight", step: 2);
        IReadOnlyList<long> first = weights.Of("body.0.weight", 4), last = weights.Of($"body.{2 * (convolutions - 1)}.weight", 4);
        long channels = first[1];
        if (channels > 4)
            throw weights.Wrong($"body.0.weight takes {channels} channels; images have 1, 3 or 4");
        // The enlarged input is added to the result, which therefore has as many channels.
        int scale = last[0] % channels == 0 && WeightShapes.WholeRoot(last[0] / channels) is { } root
            ? root
            : throw weights.Wrong($"the last convolution gives {last[0]} channels, which is no whole square times {channels}");
        return new()
        {
            Scale = scale,
            InChannels = (int)channels,
            OutChannels = (int)channels,
            Features = first[0],
            Convolutions = convolutions - 2,
        };
    }

    /// <inheritdoc/>
    protected override IFastSinglePass Rewrite(CompactOutline outline, WeightScope weights) => new FastCompact(outline, weights);

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(CompactOutline outline, WeightScope weights) => new CompactNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="CompactNetwork"/>.</summary>
public sealed record CompactOutline : SinglePassOutline
{
    internal const string FamilyName = "Compact";

    private const string Detail = "detail";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels between the convolutions.</summary>
    public required long Features { get; init; }

    /// <summary>Convolutions between the first and the last.</summary>
    public required int Convolutions { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, {Convolutions} convolutions";

    /// <inheritdoc/>
    public override SinglePassNeeds Needs => new(Reach: Convolutions + 2);

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Block(0, InChannels, InChannels + 3 * Features),
        .. Enumerable.Range(1, Convolutions).Select(index => Block(index, Features, InChannels + 3 * Features)),
        new(
            NameOf(Convolutions + 1), MapRatio.Same,
            new ConvLayer(NameOf(Convolutions + 1), Features, Spread, 3), new ShuffleLayer(Scale), new KeepLayer(Detail),
            new RecallLayer(RecallLayer.Image), new RepeatLayer(Scale), new AddLayer(Detail))
        {
            Alive = InChannels + Math.Max(Features + 2 * Spread, 3 * Spread),
        },
    ];

    /// <inheritdoc/>
    public override SinglePassFastNeeds? Fast => Narrow(() => InChannels + NarrowSizes.Maps(Convolved) + Spread);

    private long Spread => (long)OutChannels * Scale * Scale;

    /// <summary>The name of the activation after a convolution.</summary>
    internal static string ActivationOf(int index) => $"body.{2 * index + 1}";

    /// <summary>The name of a convolution.</summary>
    internal static string NameOf(int index) => $"body.{2 * index}";

    private SinglePassBlock Block(int index, long from, double alive) => new(
        NameOf(index), MapRatio.Same,
        new ConvLayer(NameOf(index), from, Features, 3), new PReluLayer(ActivationOf(index), Features))
    {
        Alive = alive,
    };
}
