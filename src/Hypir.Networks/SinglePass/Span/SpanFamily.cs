using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Span;

/// <summary>
/// SPAN (Wan et al., "Swift Parameter-free Attention Network", 2024): six blocks of three convolutions, whose result is weighted by a
/// function of itself, then a pixel shuffle.
/// </summary>
public sealed class SpanFamily : SinglePassFamily<SpanOutline>
{
    private const string Unnormalized = "no_norm";

    /// <inheritdoc/>
    public override string Name => SpanOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("conv_1.sk.weight", "block_1.c1_r.sk.weight", "conv_cat.weight", "conv_2.sk.weight", "upsampler.0.weight");

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        // The merged convolutions are computed from their parts, which may be newer.
        key.Contains(".eval_conv.", StringComparison.Ordinal) ? null : key;

    /// <inheritdoc/>
    protected override SpanOutline Read(WeightShapes weights)
    {
        IReadOnlyList<long> first = weights.Of("conv_1.sk.weight", 4), last = weights.Of("upsampler.0.weight", 4);
        long channels = first[1];
        int scale = last[0] % channels == 0 && WeightShapes.WholeRoot(last[0] / channels) is { } root
            ? root
            : throw weights.Wrong($"the last convolution gives {last[0]} channels, which is no whole square times {channels}");
        bool marked = weights.Has(Unnormalized);
        if (marked)
            weights.Of(Unnormalized, 1);
        else if (channels != SpanOutline.Mean.Count)
            throw weights.Wrong($"this SPAN subtracts the mean of three colors, but takes {channels} channels");
        return new()
        {
            Scale = scale,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Features = first[0],
            Centered = !marked,
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(SpanOutline outline, WeightScope weights) => new SpanNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="SpanNetwork"/>.</summary>
public sealed record SpanOutline : SinglePassOutline
{
    internal const string FamilyName = "SPAN";

    /// <summary>Attention blocks; the architecture has a fixed number.</summary>
    public const int AttentionBlocks = 6;

    /// <summary>How many times wider a convolution is within before its parts are merged.</summary>
    public const long Gain = 2;

    /// <summary>What the centered image is multiplied by; the file does not tell it.</summary>
    public const double Range = 255;

    // A block: three convolutions, each of which reaches one pixel; two more before and after, and the last.
    private const int Convolutions = 3 * AttentionBlocks + 3;

    private const string First = "first";
    private const string AfterFirst = "after the first block";
    private const string InLast = "within the last block";
    private const string Input = "input";
    private const string Third = "third";
    private const string Weight = "weight";

    /// <summary>The mean color of DIV2K, which is subtracted; the file does not tell it.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.4488f, 0.4371f, 0.4040f];

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels between the convolutions.</summary>
    public required long Features { get; init; }

    /// <summary>Whether the mean color is subtracted and the range widened first.</summary>
    public required bool Centered { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, {AttentionBlocks} blocks";

    /// <inheritdoc/>
    public override SinglePassNeeds Needs => new(Reach: Convolutions);

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Block("conv_1",
        [
            .. Centered ? (LayerOutline[])[new CenterLayer(Mean), new AffineLayer(Range)] : [],
            Merged("conv_1", InChannels, Features), new KeepLayer(First),
        ]),
        .. Enumerable.Range(1, AttentionBlocks).Select(i => Block($"block_{i}", [.. Attention(i)])),
        Block("conv_2",
        [
            Merged("conv_2", Features, Features), new KeepLayer("second"),
            new JoinLayer(First, "second", AfterFirst, InLast), new ConvLayer("conv_cat", 4 * Features, Features, 1),
        ]),
        Block("upsampler.0",
        [
            new ConvLayer("upsampler.0", Features, Spread, 3), new ShuffleLayer(Scale),
            .. Centered ? (LayerOutline[])[] : [new MarkerLayer("no_norm")],
        ]),
    ];

    private long Spread => (long)OutChannels * Scale * Scale;

    // The image, centered; three maps are kept until the end; within a block there are five at most, and six where the kept are joined.
    private SinglePassBlock Block(string name, IReadOnlyList<LayerOutline> layers) => new(name, MapRatio.Same, layers)
    {
        Alive = 2 * InChannels + 3 * Features + Math.Max(6 * Features, Features + 2 * Spread),
    };

    private static MergedConvLayer Merged(string name, long from, long to) => new(name, from, to, Gain);

    /// <summary>A block: the input and the last convolution's result together, weighted by the result's sigmoid, less one half.</summary>
    private IEnumerable<LayerOutline> Attention(int block)
    {
        return
        [
            new KeepLayer(Input),
            Convolution(1), new ActivationLayer("silu"), .. block == AttentionBlocks ? (LayerOutline[])[new KeepLayer(InLast)] : [],
            Convolution(2), new ActivationLayer("silu"),
            Convolution(3), new KeepLayer(Third),
            new ActivationLayer("sigmoid"), new AffineLayer(1, -0.5), new KeepLayer(Weight),
            new RecallLayer(Third), new AddLayer(Input), new MultiplyLayer(Weight),
            .. block == 1 ? (LayerOutline[])[new KeepLayer(AfterFirst)] : [],
        ];

        MergedConvLayer Convolution(int index) => Merged($"block_{block}.c{index}_r", Features, Features);
    }
}
