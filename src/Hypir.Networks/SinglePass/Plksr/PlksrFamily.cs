using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Plksr;

/// <summary>
/// PLKSR (Lee et al., "Partial Large Kernel CNNs for Efficient Super-Resolution", 2024) and RealPLKSR: blocks with a large kernel for
/// some of the channels; the input's pixels are added to each of the result's, which a pixel shuffle or DySample lays out.
/// </summary>
public sealed class PlksrFamily : SinglePassFamily<PlksrOutline>
{
    private const string First = "feats.1";

    /// <inheritdoc/>
    public override string Name => PlksrOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("feats.0.weight", $"{First}.refine.weight")
        && (weights.Has($"{First}.channel_mixer.0.weight") || weights.Has($"{First}.channe_mixer.0.weight"));

    /// <inheritdoc/>
    protected override PlksrOutline Read(WeightShapes weights)
    {
        bool real = weights.Has($"{First}.channel_mixer.0.weight");
        if (!weights.Has($"{First}.lk.conv.weight"))
            throw weights.Wrong("this PLKSR has sparse or rectangular large kernels, which are not supported");
        string mixer = $"{First}.{PlksrOutline.MixerName(real)}";
        int blocks = weights.Count(index => $"feats.{index + 1}.refine.weight");
        IReadOnlyList<long> large = weights.Of($"{First}.lk.conv.weight", 4);
        var outline = new PlksrOutline
        {
            Scale = 1,
            InChannels = PlksrOutline.Channels,
            OutChannels = PlksrOutline.Channels,
            Features = weights.Of("feats.0.weight", 4)[0],
            LargeBlocks = blocks,
            Kernel = large[2],
            Partial = large[0],
            ElementAttention = weights.Has($"{First}.attn.f.0.weight"),
            Mixer = (Kernel($"{mixer}.0.weight"), Kernel($"{mixer}.2.weight")),
            Real = real,
            PositionNorm = real && weights.Has($"{First}.layer_norm.weight"),
        };
        long spread = weights.Of($"{outline.LastName}.weight", 4)[0];
        int scale = spread % PlksrOutline.Channels == 0 && WeightShapes.WholeRoot(spread / PlksrOutline.Channels) is { } root
            ? root
            : throw weights.Wrong($"the last convolution gives {spread} channels, which is no whole square times {PlksrOutline.Channels}");
        if (outline.Partial > outline.Features)
            throw weights.Wrong($"the large kernel takes {outline.Partial} of {outline.Features} channels");
        if (outline.Kernel % 2 == 0 || outline.Mixer.First % 2 == 0 || outline.Mixer.Second % 2 == 0)
            throw weights.Wrong("the network has kernels of an even size");
        if (real && !outline.PositionNorm && outline.Features % PlksrOutline.NormGroups != 0)
            throw weights.Wrong($"the {outline.Features} features cannot be normalized in {PlksrOutline.NormGroups} groups");
        return outline with
        {
            Scale = scale,
            SampleGroups = Groups(weights, scale),
            SampleConvolution = weights.Has("to_img.end_conv.weight"),
        };

        long Kernel(string key) => weights.Of(key, 4)[2];
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(PlksrOutline outline, WeightScope weights) => new PlksrNetwork(outline, weights);

    // DySample has two offsets for each group and each pixel of the result.
    private static long? Groups(WeightShapes weights, int scale)
    {
        if (!weights.Has("to_img.init_pos"))
            return null;
        (long offsets, long spread) = (weights.Of("to_img.offset.weight", 4)[0], (long)PlksrOutline.Channels * scale * scale);
        long each = 2L * scale * scale;
        return offsets % each == 0 && spread % (offsets / each) == 0
            ? offsets / each
            : throw weights.Wrong($"{offsets} offsets do not fit an enlargement by {scale}");
    }
}

/// <summary>The sizes of a <see cref="PlksrNetwork"/>.</summary>
public sealed record PlksrOutline : SinglePassOutline
{
    internal const string FamilyName = "PLKSR";

    /// <summary>Channels of the image; the architecture has a fixed number.</summary>
    public const int Channels = 3;

    /// <summary>Groups of RealPLKSR's norm; the file does not tell them.</summary>
    public const long NormGroups = 4;

    /// <summary>Added to the variance in the norm of groups.</summary>
    internal const double GroupEpsilon = 1e-5;

    /// <summary>Added to the variance in the norm of positions.</summary>
    internal const double PositionEpsilon = 1e-6;

    private const string Input = "input";
    private const string Large = "large";
    private const string Rest = "rest";
    private const string Mixed = "mixed";
    private const string Detail = "detail";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels between the blocks.</summary>
    public required long Features { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int LargeBlocks { get; init; }

    /// <summary>Side of the large kernel.</summary>
    public required long Kernel { get; init; }

    /// <summary>How many of the channels pass the large kernel.</summary>
    public required long Partial { get; init; }

    /// <summary>Whether each number is weighted by a function of its neighborhood.</summary>
    public required bool ElementAttention { get; init; }

    /// <summary>Sides of the two kernels that mix channels.</summary>
    public required (long First, long Second) Mixer { get; init; }

    /// <summary>Whether it is RealPLKSR, which has norms and Mish, or the earlier PLKSR without norms and with GELU.</summary>
    public required bool Real { get; init; }

    /// <summary>Whether each position is normalized over its channels before a block, and nothing after it.</summary>
    public required bool PositionNorm { get; init; }

    /// <summary>Groups of channels that DySample moves together, or null where a pixel shuffle enlarges.</summary>
    public long? SampleGroups { get; init; }

    /// <summary>Whether a 1x1 convolution follows DySample.</summary>
    public bool SampleConvolution { get; init; }

    /// <inheritdoc/>
    public override string Sizes =>
        $"{(Real ? "Real, " : "")}{Features} features, {LargeBlocks} blocks, kernels of {Kernel}"
        + (SampleGroups is null ? "" : ", DySample");

    /// <summary>RealPLKSR's group norms take means over the whole image.</summary>
    public override SinglePassNeeds Needs => new(Reach)
    {
        // Measured with PLKSR at its published size (28 blocks, kernels of 17) and random weights: a change 64 pixels away changes the
        // result by at most 6e-6 of its standard deviation, one 48 pixels away by 2e-4.
        Overlap = Math.Min(Reach, 64),
        WholeImage = NormalizesGroups,
    };

    /// <summary>DySample's layers are not connected yet.</summary>
    public override bool IsProgram => SampleGroups is null;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new("feats.0", MapRatio.Same, new ConvLayer("feats.0", Channels, Features, 3)) { Alive = Working },
        .. Enumerable.Range(1, LargeBlocks).Select(i =>
            new SinglePassBlock(NameOf(i), MapRatio.Same, [.. Layers(NameOf(i))]) { Alive = Working }),
        new(LastName, MapRatio.Same,
            new ConvLayer(LastName, Features, Spread, 3), new ShuffleLayer(Scale), new KeepLayer(Detail),
            new RecallLayer(RecallLayer.Image), new RepeatLayer(Scale), new AddLayer(Detail))
        {
            Alive = Channels + Features + 4 * Spread,
        },
        .. SampleGroups is long groups ? [Sample(groups)] : (SinglePassBlock[])[],
    ];

    /// <summary>Whether a norm over groups of channels ends each block.</summary>
    internal bool NormalizesGroups => Real && !PositionNorm;

    /// <summary>Name of the last convolution: RealPLKSR's dropout stands between it and the blocks, and counts as a layer.</summary>
    internal string LastName => $"feats.{LargeBlocks + (Real ? 2 : 1)}";

    /// <summary>Channels of the last convolution.</summary>
    internal long Spread => (long)Channels * Scale * Scale;

    // Input, result, and twice the width before and after the activation between the mixing convolutions.
    private double Working => Channels + 6 * Features;

    private int Reach => (int)Math.Min(int.MaxValue, 2 + LargeBlocks
        * (Mixer.First / 2 + Mixer.Second / 2 + Kernel / 2 + (ElementAttention ? 1 : 0)) + (SampleGroups is null ? 0 : 1));

    /// <summary>Name of the channel mixer; PLKSR's own has a letter less.</summary>
    internal static string MixerName(bool real) => real ? "channel_mixer" : "channe_mixer";

    /// <summary>Name of a block, from 1.</summary>
    internal static string NameOf(int block) => $"feats.{block}";

    private IEnumerable<LayerOutline> Layers(string name)
    {
        string mixer = $"{name}.{MixerName(Real)}";
        yield return new KeepLayer(Input);
        if (PositionNorm)
            yield return new LayerNormLayer($"{name}.layer_norm", Features, PositionEpsilon);
        yield return new ConvLayer($"{mixer}.0", Features, 2 * Features, Mixer.First);
        yield return new ActivationLayer(Real ? "mish" : "gelu");
        yield return new ConvLayer($"{mixer}.2", 2 * Features, Features, Mixer.Second);
        yield return new CutLayer((Large, Partial), (Rest, Features - Partial));
        yield return new RecallLayer(Large);
        yield return new ConvLayer($"{name}.lk.conv", Partial, Partial, Kernel);
        yield return new KeepLayer(Large);
        yield return new JoinLayer(Large, Rest);
        if (ElementAttention)
        {
            yield return new KeepLayer(Mixed);
            yield return new ConvLayer($"{name}.attn.f.0", Features, Features, 3);
            yield return new ActivationLayer("sigmoid");
            yield return new MultiplyLayer(Mixed);
        }

        yield return new ConvLayer($"{name}.refine", Features, Features, 1);
        if (NormalizesGroups)
            yield return new GroupNormLayer($"{name}.norm", Features, NormGroups, GroupEpsilon);
        yield return new AddLayer(Input);
    }

    private SinglePassBlock Sample(long groups)
    {
        long offsets = 2 * groups * Scale * Scale;
        IEnumerable<LayerOutline> layers =
        [
            new ConvLayer("to_img.offset", Spread, offsets, 1),
            new ConvLayer("to_img.scope", Spread, offsets, 1) { Bias = false },
            new OtherLayer([new("to_img.init_pos", [1, offsets, 1, 1])], Operations: 8 * Spread * Scale * Scale / groups),
        ];
        if (SampleConvolution)
            layers = layers.Append(new OtherLayer(
                [new("to_img.end_conv.weight", [Channels, Spread, 1, 1]), new("to_img.end_conv.bias", [Channels])],
                Operations: 2 * Spread * Channels * Scale * Scale));
        // Offsets in several forms, and the sampled map, which has as many channels as before at the result's size.
        return new("to_img", MapRatio.Same, [.. layers]) { Alive = Channels + Spread + 6 * offsets + 2 * Spread * Scale * Scale };
    }
}
