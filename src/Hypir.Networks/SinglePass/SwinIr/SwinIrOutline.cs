using Hypir.Networks.SinglePass.Blocks;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.SwinIr;

/// <summary>The sizes of a <see cref="SwinIrNetwork"/>.</summary>
public sealed record SwinIrOutline : SinglePassOutline
{
    internal const string FamilyName = "SwinIR";

    /// <summary>Largest side of an attention window.</summary>
    public const long MaxWindow = 32;

    /// <summary>Added to the scores of positions that do not see each other, which keep a weight of e^-100, as in the reference.</summary>
    internal const double HiddenScore = -100;

    private const double Epsilon = 1e-5;
    private const string Centered = "centered image";
    private const string First = "first";
    private const string GroupInput = "group's input";
    private const string Input = "input";

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

    /// <summary>Side of an attention window.</summary>
    public required long Window { get; init; }

    /// <summary>Width within the perceptrons.</summary>
    public required long Hidden { get; init; }

    /// <summary>The head.</summary>
    public required ImageHeadOutline Head { get; init; }

    /// <summary>Whether three small convolutions follow each group, and not a single one.</summary>
    public required bool ThreeConvolutions { get; init; }

    /// <summary>Whether the features are normalized before the first group.</summary>
    public required bool EntryNorm { get; init; }

    /// <summary>What the centered image is multiplied by; the file does not tell it.</summary>
    public required double Range { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, blocks {string.Join('-', Depths)}, windows of {Window}";

    /// <summary>
    /// The network reflects the image to multiples of its windows by itself; smaller sides than the minimum could not be reflected.
    /// </summary>
    public override SinglePassNeeds Needs => new(Reach)
    {
        Minimum = (int)Math.Max(16, Window),
        Grid = (int)Window,
        // Measured with random weights at the size of the lightweight network (24 blocks, windows of 8): what is changed 32 pixels away
        // changes the result by at most 4e-5 of its standard deviation, 48 pixels away by 2e-6.
        Overlap = (int)Math.Min(Reach, 6 * Window),
    };

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new(
            "conv_first", MapRatio.Same,
            [
                new MarginLayer(Window, MarginKind.Reflected), .. IsCentered ? [new CenterLayer(Mean)] : NoLayers, new AffineLayer(Range),
                new KeepLayer(Centered), new ConvLayer("conv_first", InChannels, Features, 3), new KeepLayer(First),
                new LayoutLayer(Sequence: true), .. EntryNorm ? [Norm("patch_embed.norm")] : NoLayers,
            ])
        {
            Alive = Working,
        },
        .. Enumerable.Range(0, Depths.Count).SelectMany(Group),
        new(
            "conv_after_body", MapRatio.Same,
            [
                Norm("norm"), new LayoutLayer(Sequence: false),
                .. GroupConvolution.Layers("conv_after_body", Features, ThreeConvolutions), new AddLayer(First),
            ])
        {
            Alive = Working,
        },
        .. Head.Blocks.SkipLast(1),
        Finished(Head.Blocks[^1]),
    ];

    private bool IsCentered => InChannels == Mean.Count;

    private static IReadOnlyList<LayerOutline> NoLayers => [];

    // A block reaches across one window at most; a convolution, one pixel.
    private int Reach => (int)Math.Min(int.MaxValue, Depths.Sum(depth => depth * Window + (ThreeConvolutions ? 2 : 1)) + 8);

    // The image, the first features and a group's input; then a block at work: its input, the norm, and queries, keys and values with
    // attention and its mask, or the perceptron before and after its activation.
    private double Working =>
        2 * InChannels + 4 * Features + Math.Max(5 * Features + 3 * Heads.Max() * Window * Window, Features + 2 * Hidden);

    private IEnumerable<SinglePassBlock> Group(int index)
    {
        string name = $"layers.{index}";
        for (int i = 0; i < Depths[index]; i++)
        {
            string block = $"{name}.residual_group.blocks.{i}";
            // Every second block shifts its windows.
            long shift = i % 2 == 1 ? Window / 2 : 0;
            IReadOnlyList<LayerOutline> before = i == 0 ? [new KeepLayer(GroupInput)] : [];
            var table = new WeightOutline(
                $"{block}.attn.relative_position_bias_table", [(2 * Window - 1) * (2 * Window - 1), Heads[index]]);
            yield return new(block, MapRatio.Same,
            [
                .. before,
                new KeepLayer(Input),
                Norm($"{block}.norm1"),
                new LinearLayer($"{block}.attn.qkv", Features, 3 * Features, SequenceKind.Positions),
                new WindowAttentionLayer(table, Features, Heads[index], Window, shift, HiddenScore),
                new LinearLayer($"{block}.attn.proj", Features, Features, SequenceKind.Positions),
                new AddLayer(Input), new KeepLayer(Input),
                Norm($"{block}.norm2"),
                new LinearLayer($"{block}.mlp.fc1", Features, Hidden, SequenceKind.Positions),
                new ActivationLayer("gelu"),
                new LinearLayer($"{block}.mlp.fc2", Hidden, Features, SequenceKind.Positions),
                new AddLayer(Input),
            ])
            {
                Alive = Working,
            };
        }

        yield return new($"{name}.conv", MapRatio.Same,
        [
            new LayoutLayer(Sequence: false), .. GroupConvolution.Layers($"{name}.conv", Features, ThreeConvolutions),
            new LayoutLayer(Sequence: true), new AddLayer(GroupInput),
        ])
        {
            Alive = Working,
        };
    }

    /// <summary>The head's last block, whose result is returned to the image's range.</summary>
    private SinglePassBlock Finished(SinglePassBlock last) => last with
    {
        Layers =
        [
            .. last.Layers, .. Head.Kind == ImageHeadKind.Residual ? [new AddLayer(Centered)] : NoLayers, new AffineLayer(1 / Range),
            .. IsCentered ? [new CenterLayer([.. Mean.Select(number => -number)])] : NoLayers, new CropLayer(),
        ],
    };

    private LayerNormLayer Norm(string name) => new(name, Features, Epsilon);
}
