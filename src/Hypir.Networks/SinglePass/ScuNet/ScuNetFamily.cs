using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.ScuNet;

/// <summary>
/// SCUNet (Zhang et al., "Practical Blind Denoising via Swin-Conv-UNet and Data Synthesis", 2022): a U-Net of four levels whose blocks are
/// half convolutions and half Swin transformers.
/// </summary>
public sealed class ScuNetFamily : SinglePassFamily<ScuNetOutline>
{
    /// <inheritdoc/>
    public override string Name => ScuNetOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("m_head.0.weight", "m_tail.0.weight", "m_body.0.trans_block.msa.relative_position_params");

    /// <inheritdoc/>
    protected override ScuNetOutline Read(WeightShapes weights)
    {
        IReadOnlyList<long> first = weights.Of("m_head.0.weight", 4);
        IReadOnlyList<long> table = weights.Of("m_body.0.trans_block.msa.relative_position_params", 3);
        long half = weights.Of("m_body.0.trans_block.ln1.weight", 1)[0], window = (table[1] + 1) / 2;
        if (table[1] % 2 == 0 || window > ScuNetOutline.MaxWindow)
            throw weights.Wrong($"a table of {table[1]} relative positions fits no window of up to {ScuNetOutline.MaxWindow}");
        if (half % table[0] != 0 || first[0] % 2 != 0 || first[0] / 2 % (half / table[0]) != 0)
            throw weights.Wrong($"{first[0]} features cannot be divided into heads of {half / table[0]}");
        return new()
        {
            Scale = 1,
            InChannels = (int)Math.Min(first[1], int.MaxValue),
            OutChannels = (int)Math.Min(first[1], int.MaxValue),
            Features = first[0],
            Down = [.. Enumerable.Range(1, ScuNetOutline.Levels).Select(level => Blocks($"m_down{level}", 0))],
            Lowest = Blocks("m_body", 0),
            Up = [.. Enumerable.Range(1, ScuNetOutline.Levels).Reverse().Select(level => Blocks($"m_up{level}", 1))],
            HeadWidth = half / table[0],
            Window = window,
        };

        int Blocks(string name, int from) => weights.Count(index => $"{name}.{from + index}.conv1_1.weight");
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(ScuNetOutline outline, WeightScope weights) => new ScuNetNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="ScuNetNetwork"/>.</summary>
public sealed record ScuNetOutline : SinglePassOutline
{
    internal const string FamilyName = "SCUNet";

    /// <summary>Levels below the first; the architecture has a fixed number.</summary>
    public const int Levels = 3;

    /// <summary>Largest side of an attention window.</summary>
    public const long MaxWindow = 32;

    private const double Epsilon = 1e-5;
    private const string Input = "input";
    private const string Near = "near";
    private const string Far = "far";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels of the first level; each level below has twice as many.</summary>
    public required long Features { get; init; }

    /// <summary>Blocks of the levels on the way down.</summary>
    public required IReadOnlyList<int> Down { get; init; }

    /// <summary>Blocks of the lowest level.</summary>
    public required int Lowest { get; init; }

    /// <summary>Blocks of the levels on the way up, the lowest first.</summary>
    public required IReadOnlyList<int> Up { get; init; }

    /// <summary>Width of an attention head.</summary>
    public required long HeadWidth { get; init; }

    /// <summary>Side of an attention window.</summary>
    public required long Window { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, blocks {string.Join('-', Down)}, {Lowest}, {string.Join('-', Up)}";

    /// <summary>
    /// The network reflects the image to multiples of its lowest level's windows by itself; smaller sides than the minimum could not be
    /// reflected.
    /// </summary>
    public override SinglePassNeeds Needs => new(Reach)
    {
        Minimum = (int)(PaddedMultiple / 2 + PaddedMultiple / 8),
        Grid = (int)PaddedMultiple,
        // Measured with random weights at the published size (four blocks a level): what is changed 96 pixels away changes the result by at
        // most 1e-5 of its standard deviation, 64 pixels away by 6e-4.
        Overlap = (int)Math.Min(Reach, 3 * PaddedMultiple / 2),
    };

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new("m_head.0", MapRatio.Same,
            new MarginLayer(PaddedMultiple, MarginKind.Reflected), new ConvLayer("m_head.0", InChannels, Features, 3) { Bias = false },
            new KeepLayer(Skip(0)))
        {
            Alive = Alive(0),
        },
        .. Enumerable.Range(0, Levels).SelectMany(level =>
        {
            string name = $"m_down{level + 1}", last = $"{name}.{Down[level]}";
            return Row(name, 0, Down[level], level).Append(
                new(last, RatioOf(level + 1),
                    new ConvLayer(last, Width(level), Width(level + 1), 2, Stride: 2) { Bias = false }, new KeepLayer(Skip(level + 1)))
                {
                    Alive = Alive(level),
                });
        }),
        .. Row("m_body", 0, Lowest, Levels),
        .. Enumerable.Range(0, Levels).SelectMany(i =>
        {
            int level = Levels - 1 - i;
            string name = $"m_up{level + 1}";
            return Row(name, 1, Up[i], level).Prepend(
                new($"{name}.0", RatioOf(level),
                    new AddLayer(Skip(level + 1)), new TransposedConvLayer($"{name}.0", Width(level + 1), Width(level), 2, Bias: false))
                {
                    Alive = Alive(level),
                });
        }),
        new("m_tail.0", MapRatio.Same,
            new AddLayer(Skip(0)), new ConvLayer("m_tail.0", Features, OutChannels, 3) { Bias = false }, new CropLayer())
        {
            Alive = Alive(0),
        },
    ];

    /// <summary>Height and width become multiples of this within the network.</summary>
    internal long PaddedMultiple => Window << Levels;

    // At each level, a block reaches across one window at most; its convolutions reach two pixels.
    private int Reach => (int)Math.Min(int.MaxValue, 2 + Enumerable.Range(0, Levels + 1).Sum(level =>
        (level == Levels ? Lowest : Down[level] + Up[Levels - 1 - level]) * (Window << level)));

    private static MapRatio RatioOf(int level) => new(1, 1 << level);

    private long Width(int level) => Features << level;

    private IEnumerable<SinglePassBlock> Row(string name, int first, int count, int level) =>
        Enumerable.Range(first, count).Select(i =>
            new SinglePassBlock($"{name}.{i}", RatioOf(level), Layers($"{name}.{i}", Width(level), shifted: (i - first) % 2 == 1))
            {
                Alive = Alive(level),
            });

    private IReadOnlyList<LayerOutline> Layers(string name, long width, bool shifted)
    {
        (long half, string block, long side) = (width / 2, $"{name}.trans_block", 2 * Window - 1);
        var table = new WeightOutline($"{block}.msa.relative_position_params", [half / HeadWidth, side, side]);
        return
        [
            new KeepLayer(Input),
            new ConvLayer($"{name}.conv1_1", width, width, 1),
            new CutLayer((Near, half), (Far, half)),
            new RecallLayer(Near),
            new ConvLayer($"{name}.conv_block.0", half, half, 3) { Bias = false },
            new ActivationLayer("relu"),
            new ConvLayer($"{name}.conv_block.2", half, half, 3) { Bias = false },
            new AddLayer(Near), new KeepLayer(Near),
            new RecallLayer(Far), new LayoutLayer(Sequence: true), new KeepLayer(Far),
            new LayerNormLayer($"{block}.ln1", half, Epsilon),
            new LinearLayer($"{block}.msa.embedding_layer", half, 3 * half, SequenceKind.Positions),
            new WindowAttentionLayer(
                table, half, half / HeadWidth, Window, shifted ? Window / 2 : 0, double.NegativeInfinity),
            new LinearLayer($"{block}.msa.linear", half, half, SequenceKind.Positions),
            new AddLayer(Far), new KeepLayer(Far),
            new LayerNormLayer($"{block}.ln2", half, Epsilon),
            new LinearLayer($"{block}.mlp.0", half, 4 * half, SequenceKind.Positions),
            new ActivationLayer("gelu"),
            new LinearLayer($"{block}.mlp.2", 4 * half, half, SequenceKind.Positions),
            new AddLayer(Far), new LayoutLayer(Sequence: false), new KeepLayer(Far),
            new JoinLayer(Near, Far),
            new ConvLayer($"{name}.conv1_2", width, width, 1),
            new AddLayer(Input),
        ];
    }

    private static string Skip(int level) => $"level {level}";

    // The image and the levels' maps (each has half the numbers of the one above), then a block at work: its input, the two halves, and
    // queries, keys and values with attention and its mask, or the perceptron, which is four times as wide, before and after its
    // activation.
    private double Alive(int level)
    {
        long width = Width(level), half = width / 2, attention = half / HeadWidth * Window * Window;
        return 2 * InChannels + 2 * Features + (3.0 * width + Math.Max(7 * half + 3 * attention, 9 * half)) / (1L << (2 * level));
    }
}
