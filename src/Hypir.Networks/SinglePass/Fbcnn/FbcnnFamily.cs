using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Fbcnn;

/// <summary>
/// FBCNN (Jiang et al., "Towards Flexible Blind JPEG Artifacts Removal", 2021): a U-Net of residual blocks. At its lowest level it
/// estimates the quality that the image was compressed with, or takes a given one; its embedding scales and shifts the blocks of the way
/// up.
/// </summary>
public sealed class FbcnnFamily : SinglePassFamily<FbcnnOutline>
{
    /// <inheritdoc/>
    public override string Name => FbcnnOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("m_head.weight", "m_down1.0.res.0.weight", "m_body_encoder.0.res.0.weight", "qf_pred.0.res.0.weight", "m_tail.weight");

    /// <inheritdoc/>
    protected override FbcnnOutline Read(WeightShapes weights)
    {
        int blocks = weights.Count(index => $"m_body_encoder.{index}.res.0.weight");
        if (!weights.Has($"m_down1.{blocks}.weight"))
            throw weights.Wrong("this FBCNN reduces by pooling; the file does not tell by which kind, so it is not supported");
        if (!weights.Has("m_up3.0.weight"))
            throw weights.Wrong("this FBCNN enlarges by pixel shuffles or repeated pixels, which is not supported");
        long channels = weights.Of("m_head.weight", 4)[1];
        return new()
        {
            Scale = 1,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Widths =
            [
                weights.Of("m_head.weight", 4)[0],
                .. Enumerable.Range(1, 3).Select(level => weights.Of($"m_down{level}.{blocks}.weight", 4)[0]),
            ],
            ResidualBlocks = blocks,
            Embedding = weights.Of("qf_embed.0.weight", 2)[0],
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(FbcnnOutline outline, WeightScope weights) => new FbcnnNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="FbcnnNetwork"/>.</summary>
public sealed record FbcnnOutline : SinglePassOutline
{
    internal const string FamilyName = "FBCNN";

    /// <summary>Layers of the map from the quality to its embedding.</summary>
    internal static readonly int[] EmbeddingMaps = [0, 2, 4];

    private const int Multiple = 8;
    private const int BestQuality = 100;
    private const string Encoded = "encoded";
    private const string Embedded = "embedding";
    private const string Map = "map";
    private const string Gamma = "gamma";
    private const string Beta = "beta";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels of the levels, from full to an eighth of the resolution.</summary>
    public required IReadOnlyList<long> Widths { get; init; }

    /// <summary>Residual blocks of each level.</summary>
    public required int ResidualBlocks { get; init; }

    /// <summary>Width of the quality's embedding.</summary>
    public required long Embedding { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{string.Join(", ", Widths)} features, {ResidualBlocks} blocks a level";

    /// <summary>
    /// The network enlarges the image to multiples of 8 by itself, since it repeats the last row and column. Each tile estimates a
    /// quality of its own; a quality that is set holds for all.
    /// </summary>
    public override SinglePassNeeds Needs => new(UNet.Reach(rows: 2))
    {
        Grid = 1 << UNet.Levels,
        Overlap = UNet.Overlap(rows: 2),
        WholeImage = true,
    };

    /// <summary>The JPEG quality to assume; estimated where none is set.</summary>
    public override SinglePassDial? Dial => new("JPEG quality", 0, BestQuality, null);

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Ends(
            "m_head", new MarginLayer(Multiple, MarginKind.Repeated), new ConvLayer("m_head", InChannels, Widths[0], 3),
            new KeepLayer(ResidualUNetOutline.Skip(0))),
        .. UNet.Down(),
        .. UNet.Row("m_body_encoder", 0, UNet.Levels),
        .. UNet.Row("qf_pred", 0, UNet.Levels).Select((block, index) =>
            index == 0 ? block with { Layers = [new KeepLayer(Encoded), .. block.Layers] } : block),
        new("qf_embed", ResidualUNetOutline.RatioOf(UNet.Levels),
            new MeansLayer(),
            new VectorLayer($"qf_pred.{EstimateMaps[0]}", Widths[^1], Embedding), Relu,
            new VectorLayer($"qf_pred.{EstimateMaps[1]}", Embedding, Embedding), Relu,
            new VectorLayer($"qf_pred.{EstimateMaps[2]}", Embedding, 1), new ActivationLayer("sigmoid"),
            // The network works with the opposite of a quality: 0 is 100, 1 is 0.
            new EstimatedDialLayer(-1.0 / BestQuality, 1),
            new VectorLayer($"qf_embed.{EmbeddingMaps[0]}", 1, Embedding), Relu,
            new VectorLayer($"qf_embed.{EmbeddingMaps[1]}", Embedding, Embedding), Relu,
            new VectorLayer($"qf_embed.{EmbeddingMaps[2]}", Embedding, Embedding), Relu,
            new KeepLayer(Embedded), new RecallLayer(Encoded)) { Alive = UNet.Alive(UNet.Levels) },
        .. UNet.Row("m_body_decoder", 0, UNet.Levels),
        .. UNet.Up(Modulation, new MultiplyLayer(Gamma), new AddLayer(Beta)),
        Ends(
            "m_tail", new AddLayer(ResidualUNetOutline.Skip(0)), new ConvLayer("m_tail", Widths[0], OutChannels, 3), new CropLayer()),
    ];

    /// <summary>Linear maps of the estimate: after the blocks, pooling and flattening, with a ReLU between.</summary>
    internal int[] EstimateMaps => [ResidualBlocks + 2, ResidualBlocks + 4, ResidualBlocks + 6];

    private ResidualUNetOutline UNet => new(InChannels, Widths, ResidualBlocks, Bias: true);

    private static ActivationLayer Relu => new("relu");

    /// <summary>Scale and shift of the branches of a level, from the embedding.</summary>
    private IEnumerable<LayerOutline> Modulation(int level) =>
    [
        new KeepLayer(Map),
        new RecallLayer(Embedded), new VectorLayer($"to_gamma_{level + 1}.0", Embedding, Widths[level]), new ActivationLayer("sigmoid"),
        new KeepLayer(Gamma),
        new RecallLayer(Embedded), new VectorLayer($"to_beta_{level + 1}.0", Embedding, Widths[level]), new ActivationLayer("tanh"),
        new KeepLayer(Beta),
        new RecallLayer(Map),
    ];

    private SinglePassBlock Ends(string name, params IReadOnlyList<LayerOutline> layers) =>
        new(name, MapRatio.Same, layers) { Alive = UNet.Alive(0) };
}
