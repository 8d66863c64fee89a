using Hypir.Networks.Fast;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.DruNet;

/// <summary>
/// DRUNet (Zhang et al., "Plug-and-Play Image Restoration with Deep Denoiser Prior", 2021): a U-Net of residual blocks without norms or
/// biases, which reads the noise level as one more channel.
/// </summary>
public sealed class DruNetFamily : SinglePassFamily<DruNetOutline>
{
    /// <inheritdoc/>
    public override string Name => DruNetOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("m_head.weight", "m_down1.0.res.0.weight", "m_body.0.res.0.weight", "m_up1.0.weight", "m_tail.weight");

    /// <inheritdoc/>
    protected override DruNetOutline Read(WeightShapes weights)
    {
        int blocks = weights.Count(index => $"m_body.{index}.res.0.weight");
        if (!weights.Has($"m_down1.{blocks}.weight"))
            throw weights.Wrong("this DRUNet reduces by pooling; the file does not tell by which kind, so it is not supported");
        if (weights.Has("m_up3.1.weight") || weights.Of("m_up3.0.weight", 4)[2] != 2)
            throw weights.Wrong("this DRUNet enlarges by pixel shuffles or repeated pixels, which is not supported");
        long from = weights.Of("m_head.weight", 4)[1], to = weights.Of("m_tail.weight", 4)[0];
        if (from != to && from != to + 1)
            throw weights.Wrong($"the first convolution takes {from} channels, the last gives {to}");
        return new()
        {
            Scale = 1,
            InChannels = (int)Math.Min(to, int.MaxValue),
            OutChannels = (int)Math.Min(to, int.MaxValue),
            ReadsNoiseMap = from != to,
            Widths =
            [
                weights.Of("m_head.weight", 4)[0],
                .. Enumerable.Range(1, 3).Select(level => weights.Of($"m_down{level}.{blocks}.weight", 4)[0]),
            ],
            ResidualBlocks = blocks,
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(DruNetOutline outline, WeightScope weights) => new DruNetNetwork(outline, weights);

    /// <inheritdoc/>
    protected override IFastSinglePass Rewrite(DruNetOutline outline, WeightScope weights) => new FastDruNet(outline, weights);
}

/// <summary>The sizes of a <see cref="DruNetNetwork"/>.</summary>
public sealed record DruNetOutline : SinglePassOutline
{
    internal const string FamilyName = "DRUNet";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Whether the noise level is read as a channel of its own.</summary>
    public required bool ReadsNoiseMap { get; init; }

    /// <summary>Channels of the levels, from full to an eighth of the resolution.</summary>
    public required IReadOnlyList<long> Widths { get; init; }

    /// <summary>Residual blocks of each level.</summary>
    public required int ResidualBlocks { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{string.Join(", ", Widths)} features, {ResidualBlocks} blocks a level";

    /// <inheritdoc/>
    public override SinglePassNeeds Needs => new(UNet.Reach(rows: 1))
    {
        Multiple = 1 << UNet.Levels,
        Overlap = UNet.Overlap(rows: 1),
    };

    /// <inheritdoc/>
    public override SinglePassDial? Dial => ReadsNoiseMap ? NoiseMap.Dial(50) : null;

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Block("m_head",
        [
            .. ReadsNoiseMap ? (LayerOutline[])[new DialLayer()] : [],
            Convolution("m_head", ReadsNoiseMap ? InChannels + 1 : InChannels, Widths[0]), new KeepLayer(ResidualUNetOutline.Skip(0)),
        ]),
        .. UNet.Down(),
        .. UNet.Row("m_body", 0, UNet.Levels),
        .. UNet.Up(_ => []),
        Block("m_tail", new AddLayer(ResidualUNetOutline.Skip(0)), Convolution("m_tail", Widths[0], OutChannels)),
    ];

    /// <inheritdoc/>
    public override SinglePassFastNeeds? Fast => Widths.All(width => width % NarrowSizes.Lanes == 0)
        ? new(FastAlive, NarrowSizes.Kept(Convolved.Where(NarrowSizes.Supports)) + NarrowSizes.WidestPass(Convolved) + Matrices)
        : null;

    /// <summary>
    /// The image, what the head reads, the tail's result twice; at each level the kept map, the one at work and the one between two
    /// convolutions; and a copy of the largest map that is halved or doubled.
    /// </summary>
    private double FastAlive => (ReadsNoiseMap ? 2 * InChannels + 1 : InChannels) + NarrowSizes.Padded(InChannels + 1)
        + NarrowSizes.Padded(OutChannels) + OutChannels + Widths[0]
        + Widths.Select((width, level) => 3 * width * ResidualUNetOutline.RatioOf(level).Positions).Sum();

    /// <summary>Numbers in the matrices of halving and doubling.</summary>
    private long Matrices => Enumerable.Range(0, UNet.Levels).Sum(level => 2 * 4 * Widths[level] * Widths[level + 1]);

    private ResidualUNetOutline UNet => new(InChannels, Widths, ResidualBlocks, Bias: false);

    private SinglePassBlock Block(string name, params IReadOnlyList<LayerOutline> layers) =>
        new(name, MapRatio.Same, layers) { Alive = UNet.Alive(0) };

    private static ConvLayer Convolution(string name, long from, long to) => new(name, from, to, 3) { Bias = false };
}
