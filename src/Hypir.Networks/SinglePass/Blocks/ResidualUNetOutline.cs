using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>
/// The blocks of a U-Net of residual blocks, as <see cref="DownLevel"/>, <see cref="ResidualRow"/> and <see cref="UpLevel"/> enter them.
/// </summary>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Widths">Channels of the levels, from full resolution to the lowest.</param>
/// <param name="Blocks">Residual blocks of each level.</param>
/// <param name="Bias">Whether convolutions have a bias.</param>
internal sealed record ResidualUNetOutline(long Channels, IReadOnlyList<long> Widths, int Blocks, bool Bias)
{
    private const string Input = "input";

    /// <summary>Levels below the first.</summary>
    public int Levels => Widths.Count - 1;

    /// <summary>The place of a level's map, which the way up adds.</summary>
    public static string Skip(int level) => $"level {level}";

    /// <summary>The size of the maps of a level.</summary>
    public static MapRatio RatioOf(int level) => new(1, 1 << level);

    /// <summary>
    /// How far a pixel's effect reaches: at each level two convolutions a block, on the way down and up, in steps of that level's pixels;
    /// the lowest level's row is passed <paramref name="rows"/> times.
    /// </summary>
    public int Reach(int rows)
    {
        int reach = 2; // head and tail
        for (int level = 0; level < Levels; level++)
            reach += (2 * 2 * Blocks + 1) << level;
        return reach + ((rows * 2 * Blocks + 1) << Levels);
    }

    /// <summary>
    /// The reach, or less: measured with random weights at DRUNet's published size, what is changed 128 pixels away changes the result by
    /// at most 5e-6 of its standard deviation, 96 pixels away by 1e-4.
    /// </summary>
    public int Overlap(int rows) => Math.Min(Reach(rows), 128);

    /// <summary>The blocks of the way down.</summary>
    public IEnumerable<SinglePassBlock> Down() => Enumerable.Range(0, Levels).SelectMany(level =>
    {
        string name = $"m_down{level + 1}";
        var halve = new ConvLayer($"{name}.{Blocks}", Widths[level], Widths[level + 1], 2, Stride: 2) { Bias = Bias };
        return Row(name, 0, level).Append(new(halve.Name, RatioOf(level + 1), halve, new KeepLayer(Skip(level + 1)))
        {
            Alive = Alive(level),
        });
    });

    /// <summary>Residual blocks of a level in a row.</summary>
    /// <param name="name">What stands before their numbers.</param>
    /// <param name="first">The first number.</param>
    /// <param name="level">The level.</param>
    /// <param name="change">What is done to a branch before it is added.</param>
    public IEnumerable<SinglePassBlock> Row(
        string name, int first, int level, params IReadOnlyList<LayerOutline> change) => Enumerable.Range(first, Blocks).Select(i =>
        new SinglePassBlock($"{name}.{i}", RatioOf(level), [.. Residual($"{name}.{i}.res", Widths[level], change)])
        {
            Alive = Alive(level),
        });

    /// <summary>The blocks of the way up.</summary>
    /// <param name="modulation">Further layers that a level's first block computes.</param>
    /// <param name="change">What is done to a branch before it is added.</param>
    public IEnumerable<SinglePassBlock> Up(
        Func<int, IEnumerable<LayerOutline>> modulation, params IReadOnlyList<LayerOutline> change) =>
        Enumerable.Range(0, Levels).Reverse().SelectMany(level =>
        {
            string name = $"m_up{level + 1}";
            IReadOnlyList<LayerOutline> layers =
            [
                .. modulation(level), new AddLayer(Skip(level + 1)),
                new TransposedConvLayer($"{name}.0", Widths[level + 1], Widths[level], 2, Bias),
            ];
            return Row(name, 1, level, change).Prepend(new($"{name}.0", RatioOf(level), layers) { Alive = Alive(level) });
        });

    /// <summary>The image, the maps that are kept for the way up, and three of this level at work.</summary>
    public double Alive(int level) =>
        2 * Channels + 1 + Enumerable.Range(0, level + 1).Sum(k => Widths[k] / Positions(k)) + 3 * Widths[level] / Positions(level);

    private IEnumerable<LayerOutline> Residual(string name, long width, IReadOnlyList<LayerOutline> change) =>
        [new KeepLayer(Input), Convolution($"{name}.0", width), Relu, Convolution($"{name}.2", width), .. change, new AddLayer(Input)];

    private ConvLayer Convolution(string name, long width) => new(name, width, width, 3) { Bias = Bias };

    private static ActivationLayer Relu => new("relu");

    private static double Positions(int level) => 1L << (2 * level);
}
