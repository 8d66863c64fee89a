using Hypir.Networks.SinglePass.Blocks;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Dat;

/// <summary>The sizes of a <see cref="DatNetwork"/>.</summary>
public sealed record DatOutline : SinglePassOutline
{
    internal const string FamilyName = "DAT";

    /// <summary>Largest side of an attention window.</summary>
    public const long MaxWindow = 64;

    /// <summary>Added to the variance in norms.</summary>
    internal const double Epsilon = 1e-5;

    /// <summary>The mean color of DIV2K, which is subtracted from color images; the file does not tell it.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.4488f, 0.4371f, 0.4040f];

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels of the transformers.</summary>
    public required long Features { get; init; }

    /// <summary>Transformer blocks of each group.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Attention heads of each group.</summary>
    public required IReadOnlyList<long> Heads { get; init; }

    /// <summary>Size of the attention windows of one half of the channels; those of the other half lie on their side.</summary>
    public required (long Height, long Width) Window { get; init; }

    /// <summary>Width of the networks that compute what is added to attention by relative position.</summary>
    public required long PositionWidth { get; init; }

    /// <summary>Width within the feed-forward parts.</summary>
    public required long Hidden { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public required bool QkvBias { get; init; }

    /// <summary>The head.</summary>
    public required ImageHeadOutline Head { get; init; }

    /// <summary>Whether three small convolutions follow each group, and not a single one.</summary>
    public required bool ThreeConvolutions { get; init; }

    /// <inheritdoc/>
    public override string Sizes =>
        $"{Features} features, blocks {string.Join('-', Depths)}, windows of {Window.Height}x{Window.Width}";

    /// <summary>Attention to channels is over the whole image. The network adds zeros up to multiples of its windows by itself.</summary>
    public override SinglePassNeeds Needs => new(Reach)
    {
        Minimum = 16,
        Grid = (int)Side,
        // Measured with random weights at the size of DAT-light (18 blocks, windows of 8x32): from 48 pixels on, the distance of what is
        // changed no longer matters, only the attention to channels that it changes.
        Overlap = (int)Math.Min(Reach, 2 * Side),
        WholeImage = true,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Block("conv_first", new ConvLayer("conv_first", InChannels, Features, 3), Norm("before_RG.1", Features)),
        .. Enumerable.Range(0, Depths.Count).SelectMany(group => Enumerable.Range(0, Depths[group])
            .Select(i => Block($"layers.{group}.blocks.{i}", [.. Layers($"layers.{group}.blocks.{i}", i, Heads[group])]))
            .Append(Block($"layers.{group}.conv", GroupConvolution.Layers($"layers.{group}.conv", Features, ThreeConvolutions)))),
        Block("conv_after_body", [Norm("norm", Features), .. GroupConvolution.Layers("conv_after_body", Features, ThreeConvolutions)]),
        .. Head.Blocks,
    ];

    /// <summary>The longer side of a window: height and width become multiples of it within the network.</summary>
    internal long Side => Math.Max(Window.Height, Window.Width);

    // A block reaches across one window and two convolutions at most.
    private int Reach => (int)Math.Min(int.MaxValue, Depths.Sum(depth => depth * (Side + 2) + 2) + 8);

    // The image, the first features and a group's input; then a block at work: its input, queries, keys and values in two forms, the mask
    // and both results; or the feed-forward part before and after its activation.
    private SinglePassBlock Block(string name, params IReadOnlyList<LayerOutline> layers) => new(name, MapRatio.Same, layers)
    {
        Alive = 2 * InChannels + 4 * Features
            + Math.Max(10 * Features + 2 * Heads.Max() * Window.Height * Window.Width, 2 * Features + 2.5 * Hidden),
    };

    private static LayerNormLayer Norm(string name, long width) => new(name, width, Epsilon);

    private static OtherLayer BatchNorm(string name, long width) => new(
        [.. new[] { "weight", "bias", "running_mean", "running_var" }.Select(part => new WeightOutline($"{name}.{part}", [width]))],
        Operations: 2 * width);

    private IEnumerable<LayerOutline> Layers(string name, int block, long heads)
    {
        (long narrow, long tiny) = (Features / 8, Features / 16);
        string attention = $"{name}.attn", feed = $"{name}.ffn";
        return
        [
            Norm($"{name}.norm1", Features),
            new LinearLayer($"{attention}.qkv", Features, 3 * Features, SequenceKind.Positions, QkvBias),
            .. block % 2 == 0 ? Positions(attention, heads) : [Channels(attention, heads)],
            new ConvLayer($"{attention}.dwconv.0", Features, Features, 3) { Groups = Features },
            BatchNorm($"{attention}.dwconv.1", Features),
            new OtherLayer(
            [
                new($"{attention}.channel_interaction.1.weight", [narrow, Features, 1, 1]),
                new($"{attention}.channel_interaction.1.bias", [narrow]),
                new($"{attention}.channel_interaction.4.weight", [Features, narrow, 1, 1]),
                new($"{attention}.channel_interaction.4.bias", [Features]),
            ]),
            BatchNorm($"{attention}.channel_interaction.2", narrow),
            new ConvLayer($"{attention}.spatial_interaction.0", Features, tiny, 1),
            BatchNorm($"{attention}.spatial_interaction.1", tiny),
            new ConvLayer($"{attention}.spatial_interaction.3", tiny, 1, 1),
            new LinearLayer($"{attention}.proj", Features, Features, SequenceKind.Positions),
            Norm($"{name}.norm2", Features),
            new LinearLayer($"{feed}.fc1", Features, Hidden, SequenceKind.Positions),
            Norm($"{feed}.sg.norm", Hidden / 2),
            new ConvLayer($"{feed}.sg.conv", Hidden / 2, Hidden / 2, 3) { Groups = Hidden / 2 },
            new LinearLayer($"{feed}.fc2", Hidden / 2, Features, SequenceKind.Positions),
        ];
    }

    private static OtherLayer Channels(string attention, long heads, long features) =>
        new([new($"{attention}.temperature", [heads, 1, 1])], Operations: 4.0 * features * features / heads);

    private OtherLayer Channels(string attention, long heads) => Channels(attention, heads, Features);

    private IEnumerable<LayerOutline> Positions(string attention, long heads) => Enumerable.Range(0, 2).SelectMany(half =>
    {
        string place = $"{attention}.attns.{half}";
        var table = new WeightOutline($"{place}.rpe_biases", [new WindowSize(Window.Height, Window.Width).Relations, 2]);
        return new LayerOutline[]
        {
            new OtherLayer([table], Operations: 2.0 * Features * Window.Height * Window.Width),
            new VectorLayer($"{place}.pos.pos_proj", 2, PositionWidth),
            Norm($"{place}.pos.pos1.0", PositionWidth), new VectorLayer($"{place}.pos.pos1.2", PositionWidth, PositionWidth),
            Norm($"{place}.pos.pos2.0", PositionWidth), new VectorLayer($"{place}.pos.pos2.2", PositionWidth, PositionWidth),
            Norm($"{place}.pos.pos3.0", PositionWidth), new VectorLayer($"{place}.pos.pos3.2", PositionWidth, heads / 2),
        };
    });
}
