using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Safmn;

/// <summary>
/// SAFMN (Sun et al., "Spatially-Adaptive Feature Modulation for Efficient Image Super-Resolution", 2023): blocks that weight features by
/// what lies around them at four scales, then a pixel shuffle.
/// </summary>
public sealed class SafmnFamily : SinglePassFamily<SafmnOutline>
{
    /// <inheritdoc/>
    public override string Name => SafmnOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has(
            "to_feat.weight", "feats.0.safm.mfr.0.weight", "feats.0.safm.aggr.weight", "feats.0.ccm.ccm.0.weight", "to_img.0.weight");

    /// <inheritdoc/>
    protected override SafmnOutline Read(WeightShapes weights)
    {
        IReadOnlyList<long> first = weights.Of("to_feat.weight", 4);
        long channels = first[1], spread = weights.Of("to_img.0.weight", 4)[0];
        int scale = spread % channels == 0 && WeightShapes.WholeRoot(spread / channels) is { } root
            ? root
            : throw weights.Wrong($"the last convolution gives {spread} channels, which is no whole square times {channels}");
        if (weights.Count(level => $"feats.0.safm.mfr.{level}.weight") != SafmnOutline.Levels || first[0] % SafmnOutline.Levels != 0)
            throw weights.Wrong($"the features cannot be divided among {SafmnOutline.Levels} scales");
        return new()
        {
            Scale = scale,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Features = first[0],
            ModulationBlocks = weights.Count(index => $"feats.{index}.norm1.weight"),
            Hidden = weights.Of("feats.0.ccm.ccm.0.weight", 4)[0],
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(SafmnOutline outline, WeightScope weights) => new SafmnNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="SafmnNetwork"/>.</summary>
public sealed record SafmnOutline : SinglePassOutline
{
    internal const string FamilyName = "SAFMN";

    /// <summary>Scales that a block looks at: full, a half, a quarter, an eighth; the architecture has a fixed number.</summary>
    public const int Levels = 4;

    internal const double Epsilon = 1e-6;

    private const string First = "first";
    private const string Input = "input";
    private const string Normal = "normal";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels between the blocks.</summary>
    public required long Features { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int ModulationBlocks { get; init; }

    /// <summary>Channels within a block's mixer.</summary>
    public required long Hidden { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, {ModulationBlocks} blocks";

    /// <summary>Maxima are taken of fields of 8 pixels; a 3x3 convolution of these reaches one field on.</summary>
    public override SinglePassNeeds Needs =>
        new((int)Math.Min(int.MaxValue, 2 + ModulationBlocks * (2L * Field + 1))) { Multiple = Field };

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new("to_feat", MapRatio.Same, new ConvLayer("to_feat", InChannels, Features, 3), new KeepLayer(First)) { Alive = Working },
        .. Enumerable.Range(0, ModulationBlocks).Select(i =>
            new SinglePassBlock($"feats.{i}", MapRatio.Same, Layers($"feats.{i}")) { Alive = Working }),
        new("to_img.0", MapRatio.Same, new AddLayer(First), new ConvLayer("to_img.0", Features, Spread, 3), new ShuffleLayer(Scale))
        {
            Alive = InChannels + 2 * Features + 2 * Spread,
        },
    ];

    /// <summary>Side of the largest field that a maximum is taken of.</summary>
    internal const int Field = 1 << (Levels - 1);

    /// <summary>Channels of the last convolution.</summary>
    internal long Spread => (long)OutChannels * Scale * Scale;

    // The image, the first features, a block's input and its norm; parts, their sum and its activation; or the mixer before and after its
    // activation.
    private double Working => InChannels + 3 * Features + Math.Max(4 * Features, 2 * Hidden + Features);

    private IReadOnlyList<LayerOutline> Layers(string name) =>
    [
        new KeepLayer(Input),
        new LayerNormLayer($"{name}.norm1", Features, Epsilon),
        new KeepLayer(Normal),
        new CutLayer([.. Enumerable.Range(0, Levels).Select(level => (Part(level), Features / Levels))]),
        .. Enumerable.Range(0, Levels).SelectMany(level => Modulation(name, level)),
        new JoinLayer([.. Enumerable.Range(0, Levels).Select(Part)]),
        new ConvLayer($"{name}.safm.aggr", Features, Features, 1),
        new ActivationLayer("gelu"), new MultiplyLayer(Normal), new AddLayer(Input), new KeepLayer(Input),
        new LayerNormLayer($"{name}.norm2", Features, Epsilon),
        new ConvLayer($"{name}.ccm.ccm.0", Features, Hidden, 3),
        new ActivationLayer("gelu"),
        new ConvLayer($"{name}.ccm.ccm.2", Hidden, Features, 1),
        new AddLayer(Input),
    ];

    /// <summary>A part of the channels at one of the scales.</summary>
    private IEnumerable<LayerOutline> Modulation(string name, int level) =>
    [
        new RecallLayer(Part(level)), new MaximumLayer(1 << level),
        new ConvLayer($"{name}.safm.mfr.{level}", Features / Levels, Features / Levels, 3) { Groups = Features / Levels },
        new RepeatLayer(1 << level), new KeepLayer(Part(level)),
    ];

    private static string Part(int level) => $"part {level}";
}
