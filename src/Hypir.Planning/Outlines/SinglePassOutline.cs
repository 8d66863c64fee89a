using Hypir.Planning.Cost;

namespace Hypir.Planning.Outlines;

/// <summary>
/// A single-pass network as its weights' shapes describe it, without torch: what plans, messages and the construction of the network read.
/// Each family derives its own record, whose properties are the sizes that it reads from the weights.
/// </summary>
public abstract record SinglePassOutline
{
    /// <summary>The largest factor by which a network may enlarge.</summary>
    public const int MaxScale = 16;

    /// <summary>The family's name, such as "Compact".</summary>
    public abstract string Family { get; }

    /// <summary>Pixels in a row of the result for each of the input; 1 for a network that only restores.</summary>
    public required int Scale { get; init; }

    /// <summary>Channels of the image that goes in: 1 for gray, 3 for RGB, 4 for RGB with alpha.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the image that comes out.</summary>
    public required int OutChannels { get; init; }

    /// <summary>The sizes in words for people, such as "64 features, 32 convolutions".</summary>
    public abstract string Sizes { get; }

    /// <summary>What the network is, in one line: "Compact, 4x, 64 features, 32 convolutions, gray".</summary>
    public string Title => $"{Family}, {Scale}x, {Sizes}{InChannels switch { 1 => ", gray", 4 => ", with alpha", _ => "" }}";

    /// <summary>What the network asks of image sizes and tiles.</summary>
    public abstract SinglePassNeeds Needs { get; }

    /// <summary>A setting that a person can turn, or null.</summary>
    public virtual SinglePassDial? Dial => null;

    /// <summary>
    /// The blocks in the order of execution: one for each call of <c>NetworkRun.EnterBlock</c>, with every tensor that the network
    /// reads.
    /// </summary>
    public abstract IReadOnlyList<SinglePassBlock> Blocks { get; }

    /// <summary>
    /// Whether the layers also say how they are connected, and with which functions between them (<see cref="KeepLayer"/>), so that the
    /// network can be written in another form from its outline alone.
    /// </summary>
    public virtual bool IsProgram => false;

    /// <summary>
    /// What the network rewritten for speed needs, or null if only plain torch computes it.
    /// </summary>
    public virtual SinglePassFastNeeds? Fast => null;

    /// <summary>The convolutions of all blocks.</summary>
    protected IEnumerable<ConvLayer> Convolved => Blocks.SelectMany(block => block.Layers).OfType<ConvLayer>();

    /// <summary>The needs of a network all of whose convolutions are narrow ones; null if some are not.</summary>
    /// <param name="alive">Computes what <see cref="SinglePassFastNeeds.Alive"/> is.</param>
    protected SinglePassFastNeeds? Narrow(Func<double> alive) =>
        Convolved.All(NarrowSizes.Supports) ? new(alive(), NarrowSizes.Kept(Convolved)) : null;

    /// <summary>Every tensor that the network reads.</summary>
    public IEnumerable<WeightOutline> Weights => Blocks.SelectMany(block => block.Layers).SelectMany(layer => layer.Weights);

    /// <summary>Numbers in the weights.</summary>
    public long Parameters => Weights.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size));
}

/// <summary>One block of a single-pass network: what is computed between two checks for cancellation.</summary>
/// <param name="Name">Its name in the checkpoint, as <c>NetworkRun.EnterBlock</c> is called with.</param>
/// <param name="Ratio">The size of its layers' results in relation to the network's input.</param>
/// <param name="Layers">Its operations, in the order of execution.</param>
public sealed record SinglePassBlock(string Name, MapRatio Ratio, params IReadOnlyList<LayerOutline> Layers)
{
    /// <summary>
    /// Numbers that are alive at once while it runs, at most, for each pixel of the network's input: maps of this block and those that are
    /// kept for later ones, without the weights.
    /// </summary>
    public required double Alive { get; init; }
}

/// <summary>The memory that a network rewritten for speed needs on a CPU.</summary>
/// <param name="Alive">Numbers that are alive at once, at most, for each pixel of the network's input, without the weights.</param>
/// <param name="Kept">Numbers besides the plain network's weights.</param>
public sealed record SinglePassFastNeeds(double Alive, long Kept);

/// <summary>The size of a map in relation to the network's input: <c>Up / Down</c> rows for each row.</summary>
/// <param name="Up">How often the map was enlarged.</param>
/// <param name="Down">How often it was reduced.</param>
public readonly record struct MapRatio(int Up, int Down = 1)
{
    /// <summary>As many rows and columns as the input.</summary>
    public static MapRatio Same { get; } = new(1);

    /// <summary>Positions for each pixel of the input.</summary>
    public double Positions => (double)Up * Up / ((double)Down * Down);

    /// <summary>The size of the map; parts of a position count as one.</summary>
    /// <param name="input">The input's size.</param>
    public MapSize Of(MapSize input) =>
        input with { Height = Divide(input.Height * Up, Down), Width = Divide(input.Width * Up, Down) };

    private static long Divide(long size, long by) => (size + by - 1) / by;
}

/// <summary>What a single-pass network asks of image sizes and tiles; everything in pixels of its input.</summary>
/// <param name="Reach">
/// How far from a pixel the input still has an effect on it, at most: half of the receptive field's side. Tiles with this much around
/// them give the same result as the whole image.
/// </param>
public sealed record SinglePassNeeds(int Reach)
{
    private readonly int? _grid;

    /// <summary>Smallest side; smaller images are padded by reflection.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Sides are multiples of this; others are padded by reflection on the right and below.</summary>
    public int Multiple { get; init; } = 1;

    /// <summary>
    /// Tiles begin at multiples of this, so that windows and reduced maps lie as they do in the whole image: <see cref="Multiple"/>, or
    /// what a network that pads by itself has.
    /// </summary>
    public int Grid { get => _grid ?? Multiple; init => _grid = value; }

    /// <summary>The only side of the square images that the network takes, or null where it takes any.</summary>
    public int? Side { get; init; }

    /// <summary>
    /// What tiles have around them: <see cref="Reach"/>, or less where farther pixels have no visible effect (say in a comment how that
    /// was measured).
    /// </summary>
    public int Overlap { get; init; } = Reach;

    /// <summary>
    /// Whether the result depends on the whole image, by a mean over it for example: tiles then differ from the whole image whatever their
    /// overlap.
    /// </summary>
    public bool WholeImage { get; init; }

    /// <summary>The side that the network computes for a side of an image: no smaller than the smallest, and a multiple.</summary>
    /// <param name="side">Pixels.</param>
    public long Padded(long side) => (Math.Max(side, Minimum) + Multiple - 1) / Multiple * Multiple;
}

/// <summary>A setting of a network that a person can turn, such as the strength of the noise that it removes.</summary>
/// <param name="Name">What it sets, in lower case: "noise level".</param>
/// <param name="Least">Smallest value.</param>
/// <param name="Most">Largest value.</param>
/// <param name="Standard">The value that holds where a person sets none; null where the network then estimates it.</param>
public sealed record SinglePassDial(string Name, double Least, double Most, double? Standard);
