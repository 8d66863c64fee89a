using Hypir.Networks.Outlines;
using Hypir.Networks.SinglePass.Blocks;

namespace Hypir.Networks.SinglePass.SwinIr;

/// <summary>How a <see cref="SwinIrNetwork"/> makes an image of its features.</summary>
public enum SwinIrHead
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

/// <summary>The sizes of a <see cref="SwinIrNetwork"/>.</summary>
public sealed record SwinIrOutline : SinglePassOutline
{
    internal const string FamilyName = "SwinIR";

    /// <summary>Largest side of an attention window.</summary>
    public const long MaxWindow = 32;

    private const double Epsilon = 1e-5;

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
    public required SwinIrHead Head { get; init; }

    /// <summary>Channels of the head, where it has some of its own.</summary>
    public required long HeadFeatures { get; init; }

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
    public override SinglePassNeeds Needs => new(Reach) { Minimum = (int)Math.Max(16, Window), Grid = (int)Window };

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new(
            "conv_first", MapRatio.Same,
            [new ConvLayer("conv_first", InChannels, Features, 3), .. EntryNorm ? [Norm("patch_embed.norm")] : NoLayers])
        {
            Alive = Working,
        },
        .. Enumerable.Range(0, Depths.Count).SelectMany(Group),
        new("conv_after_body", MapRatio.Same, [Norm("norm"), .. Convolutions("conv_after_body")]) { Alive = Working },
        .. HeadBlocks(),
    ];

    /// <summary>The head's enlarging convolutions: name, channels of the result, and by how much each enlarges.</summary>
    internal IEnumerable<(string Name, long From, long To, int Factor)> Steps => Head switch
    {
        SwinIrHead.Shuffle when Scale == 3 => [("upsample.0", HeadFeatures, 9 * HeadFeatures, 3)],
        SwinIrHead.Shuffle => Doublings.Select(i => ($"upsample.{2 * i}", HeadFeatures, 4 * HeadFeatures, 2)),
        SwinIrHead.DirectShuffle => [("upsample.0", Features, (long)OutChannels * Scale * Scale, Scale)],
        SwinIrHead.Repeat => Doublings.Select(i => ($"conv_up{i + 1}", HeadFeatures, HeadFeatures, 2)),
        _ => [],
    };

    private static IReadOnlyList<LayerOutline> NoLayers => [];

    private IEnumerable<int> Doublings => Enumerable.Range(0, int.Log2(Scale));

    // A block reaches a window and a half in the worst case; a convolution, one pixel.
    private int Reach => (int)Math.Min(int.MaxValue, Depths.Sum(depth => depth * Window + (ThreeConvolutions ? 2 : 1)) + 8);

    // The image, the first features and a group's input; then a block at work: its input, the norm, and queries, keys and values with
    // attention and its mask, or the perceptron before and after its activation.
    private double Working =>
        2 * InChannels + 4 * Features + Math.Max(5 * Features + 3 * Heads.Max() * Window * Window, Features + 2 * Hidden);

    private IEnumerable<SinglePassBlock> Group(int index)
    {
        string name = $"layers.{index}";
        foreach (string block in Enumerable.Range(0, Depths[index]).Select(i => $"{name}.residual_group.blocks.{i}"))
        {
            var table = new WeightOutline(
                $"{block}.attn.relative_position_bias_table", [(2 * Window - 1) * (2 * Window - 1), Heads[index]]);
            yield return new(block, MapRatio.Same,
                Norm($"{block}.norm1"),
                new LinearLayer($"{block}.attn.qkv", Features, 3 * Features, SequenceKind.Positions),
                LayerParts.Windowed(table, Features, Window),
                new LinearLayer($"{block}.attn.proj", Features, Features, SequenceKind.Positions),
                Norm($"{block}.norm2"),
                new LinearLayer($"{block}.mlp.fc1", Features, Hidden, SequenceKind.Positions),
                new LinearLayer($"{block}.mlp.fc2", Hidden, Features, SequenceKind.Positions))
            {
                Alive = Working,
            };
        }

        yield return new($"{name}.conv", MapRatio.Same, [.. Convolutions($"{name}.conv")]) { Alive = Working };
    }

    private IEnumerable<LayerOutline> Convolutions(string name) => ThreeConvolutions
        ?
        [
            new ConvLayer($"{name}.0", Features, Features / 4, 3),
            new ConvLayer($"{name}.2", Features / 4, Features / 4, 1),
            new ConvLayer($"{name}.4", Features / 4, Features, 3),
        ]
        : [new ConvLayer(name, Features, Features, 3)];

    private IEnumerable<SinglePassBlock> HeadBlocks()
    {
        long width = HeadFeatures > 0 ? HeadFeatures : Features;
        if (HeadFeatures > 0)
        {
            yield return new("conv_before_upsample.0", MapRatio.Same, new ConvLayer("conv_before_upsample.0", Features, width, 3))
            {
                Alive = 2 * InChannels + Features + 2 * width,
            };
        }

        int scale = 1;
        foreach ((string name, long from, long to, int factor) in Steps)
        {
            // Repeated pixels come before their convolution, a shuffle after it.
            int at = Head == SwinIrHead.Repeat ? scale * factor : scale;
            yield return new(name, new(at), new ConvLayer(name, from, to, 3)) { Alive = 2 * InChannels + (from + 2.0 * to) * at * at };
            scale *= factor;
        }

        double last = 2 * InChannels + (2.0 * width + 3 * OutChannels) * scale * scale;
        if (Head == SwinIrHead.Repeat)
            yield return new("conv_hr", new(scale), new ConvLayer("conv_hr", width, width, 3)) { Alive = last };
        if (Head != SwinIrHead.DirectShuffle)
            yield return new("conv_last", new(scale), new ConvLayer("conv_last", width, OutChannels, 3)) { Alive = last };
    }

    private LayerNormLayer Norm(string name) => new(name, Features, Epsilon);
}
