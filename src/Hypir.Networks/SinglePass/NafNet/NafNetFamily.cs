using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.NafNet;

/// <summary>
/// NAFNet (Chen et al., "Simple Baselines for Image Restoration", 2022): a U-Net of blocks without activation functions, which weight
/// channels by their means over the whole image.
/// </summary>
public sealed class NafNetFamily : SinglePassFamily<NafNetOutline>
{
    /// <inheritdoc/>
    public override string Name => NafNetOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("intro.weight", "ending.weight", "ups.0.0.weight", "downs.0.weight", "middle_blks.0.sca.1.weight");

    /// <inheritdoc/>
    protected override NafNetOutline Read(WeightShapes weights)
    {
        int levels = weights.Count(level => $"downs.{level}.weight");
        if (levels > NafNetOutline.MaxLevels)
            throw weights.Wrong($"the network has {levels} levels; {NafNetOutline.MaxLevels} are possible");
        IReadOnlyList<long> first = weights.Of("intro.weight", 4);
        return new()
        {
            Scale = 1,
            InChannels = (int)Math.Min(first[1], int.MaxValue),
            OutChannels = (int)Math.Min(first[1], int.MaxValue),
            Features = first[0],
            Encoders = [.. Enumerable.Range(0, levels).Select(level => Blocks($"encoders.{level}"))],
            Middle = Blocks("middle_blks"),
            Decoders = [.. Enumerable.Range(0, levels).Select(level => Blocks($"decoders.{level}"))],
        };

        int Blocks(string name) => weights.Count(index => $"{name}.{index}.conv1.weight");
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(NafNetOutline outline, WeightScope weights) => new NafNetNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="NafNetNetwork"/>.</summary>
public sealed record NafNetOutline : SinglePassOutline
{
    internal const string FamilyName = "NAFNet";

    private const string Padded = "padded image";

    /// <summary>Most levels that a network may have; published ones have four.</summary>
    public const int MaxLevels = 8;

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels of the first level; each level below has twice as many.</summary>
    public required long Features { get; init; }

    /// <summary>Blocks of each level on the way down.</summary>
    public required IReadOnlyList<int> Encoders { get; init; }

    /// <summary>Blocks of the lowest level.</summary>
    public required int Middle { get; init; }

    /// <summary>Blocks of each level on the way up, the lowest first.</summary>
    public required IReadOnlyList<int> Decoders { get; init; }

    /// <inheritdoc/>
    public override string Sizes =>
        $"{Features} features, blocks {string.Join('-', Encoders)}, {Middle}, {string.Join('-', Decoders)}";

    /// <summary>
    /// The network adds zeros up to multiples of its lowest level's pixels by itself. Means over the whole image make tiles differ from it.
    /// </summary>
    public override SinglePassNeeds Needs => new(Reach)
    {
        Grid = 1 << Levels,
        // Measured at a published size (SIDD's 36 blocks) with random weights: from 32 pixels on, the distance of what is changed no longer
        // matters, only the means that it changes.
        Overlap = Math.Min(Reach, 48),
        WholeImage = true,
    };

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        new(
            "intro", MapRatio.Same,
            new MarginLayer(1 << Levels, MarginKind.Zero), new KeepLayer(Padded), new ConvLayer("intro", InChannels, Features, 3))
        {
            Alive = Alive(0),
        },
        .. Enumerable.Range(0, Levels).SelectMany(level => Row($"encoders.{level}", Encoders[level], level).Append(
            new(
                $"downs.{level}", RatioOf(level + 1),
                new KeepLayer(Skip(level)), new ConvLayer($"downs.{level}", Width(level), Width(level + 1), 2, Stride: 2))
            {
                Alive = Alive(level),
            })),
        .. Row("middle_blks", Middle, Levels),
        .. Enumerable.Range(0, Levels).SelectMany(i =>
        {
            int level = Levels - 1 - i;
            // The convolution is of the level below, whose positions are a quarter of the shuffled result's.
            return Row($"decoders.{i}", Decoders[i], level).Prepend(
                new(
                    $"ups.{i}.0", RatioOf(level + 1),
                    new ConvLayer($"ups.{i}.0", Width(level + 1), 2 * Width(level + 1), 1) { Bias = false },
                    new ShuffleLayer(2), new AddLayer(Skip(level)))
                {
                    Alive = Alive(level),
                });
        }),
        new("ending", MapRatio.Same, new ConvLayer("ending", Features, OutChannels, 3), new AddLayer(Padded), new CropLayer())
        {
            Alive = Alive(0),
        },
    ];

    /// <summary>Levels below the first.</summary>
    internal int Levels => Encoders.Count;

    // Each block reaches one pixel of its level, and so do the convolutions between levels.
    private int Reach => 2 + (Middle << Levels)
        + Enumerable.Range(0, Levels).Sum(level => (Encoders[level] + Decoders[Levels - 1 - level] + 2) << level);

    /// <summary>Channels of a level.</summary>
    internal long Width(int level) => Features << level;

    private static string Skip(int level) => $"level {level}";

    private static MapRatio RatioOf(int level) => new(1, 1 << level);

    private IEnumerable<SinglePassBlock> Row(string name, int count, int level) => Enumerable.Range(0, count).Select(i =>
        new SinglePassBlock($"{name}.{i}", RatioOf(level), NafBlock.Layers($"{name}.{i}", Width(level))) { Alive = Alive(level) });

    // The image and the levels' maps, of which each has half the numbers of the one above; a block has up to seven maps at work: its input,
    // and three of twice the width.
    private double Alive(int level) => 2 * InChannels + 2 * Features + 7.0 * Width(level) / (1L << (2 * level));
}
