using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;
using Hypir.Planning.Tiles;

namespace Hypir.Planning;

/// <summary>One evaluation of a single-pass network over a whole image.</summary>
/// <param name="From">Size of the image that goes in; the result is larger by the network's scale.</param>
/// <param name="Stage">
/// The tiles, in pixels of <paramref name="From"/>, those that surround each included. They cover what is larger by less than a step of the
/// network's grid, and are cut to the image.
/// </param>
public sealed record PassPlan(PixelSize From, StagePlan Stage)
{
    /// <summary>Size of the result.</summary>
    public PixelSize To => new(Stage.Scale.Of(From.Width), Stage.Scale.Of(From.Height));

    /// <summary>Where the result of a tile begins to be used along an axis, and for the index after the last, where it ends.</summary>
    /// <param name="tiles">The tiles along the axis.</param>
    /// <param name="length">The image's length on the axis.</param>
    /// <param name="index">0 … <see cref="TileAxis.Count"/>.</param>
    /// <returns>Pixels of the input: the middle of what neighbors share.</returns>
    public static int Takeover(TileAxis tiles, int length, int index) => index == 0 ? 0
        : index == tiles.Count ? length
        : (tiles.Start(index - 1) + tiles.Tile + tiles.Start(index)) / 2;
}

/// <summary>Plans the evaluations of a single-pass network: how many, and on which tiles.</summary>
internal static class SinglePassPlanner
{
    /// <summary>The largest factor by which an image may be enlarged.</summary>
    public const int MostEnlargement = 16;

    /// <summary>
    /// Bytes within a network that count as much as twice the time: larger tiles compute less twice, but need more memory.
    /// </summary>
    private const double Dear = 3e9;

    /// <summary>How much longer than wide, or wider than long, what a network takes as a square may be.</summary>
    private const double MostStretched = 1.25;

    private static readonly int[] Sides = [4096, 3072, 2048, 1536, 1024, 768, 640, 512, 384, 320, 256, 192, 160, 128, 96, 64, 48, 32];

    /// <summary>How the work can be cut into tiles, the best first.</summary>
    /// <param name="network">The network.</param>
    /// <param name="sizes">The image's sizes.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="bytes">Bytes of a number within the network.</param>
    public static IEnumerable<IReadOnlyList<PassPlan>> Choices(
        SinglePassOutline network, ImageSizes sizes, RestoreOptions options, int bytes)
    {
        if (network.Needs.Side is int face)
            return [Of(network, new(face, face), 1, face)];
        int count = Passes(network.Scale, (double)sizes.Scaled.Longer / sizes.Input.Longer);
        int whole = 1 << 30;
        IEnumerable<int> sides = options.Tile is int tile ? [tile] : Sides.Prepend(whole);
        return sides
            .Select(side => Of(network, sizes.Input, count, side))
            .DistinctBy(passes => (passes[^1].Stage.Tiles.Rows, passes[^1].Stage.Tiles.Columns))
            .OrderBy(passes => (1 + passes.Max(pass => pass.Stage.Cost.PeakElements) * bytes / Dear) / Used(passes));
    }

    /// <summary>Counts one tile.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tile">Size of its input, with as many maps as are computed at once.</param>
    public static NetworkCost CostOf(SinglePassOutline network, MapSize tile)
    {
        SinglePassNeeds needs = network.Needs;
        MapSize padded = tile with { Height = needs.Padded(tile.Height), Width = needs.Padded(tile.Width) };
        double alive = network.Blocks.Max(block => block.Alive) * padded.Positions;
        return new(
            [
                new("", 0),
                .. network.Blocks.Select(block => new PartCost(block.Name, block.Layers.Sum(layer => Of(layer, block.Ratio.Of(padded))))),
            ],
            network.Parameters, (long)alive);
    }

    /// <summary>
    /// Tells what a network does not do, and how often it would run for a size.
    /// </summary>
    /// <exception cref="PlanException">The image would be enlarged too much.</exception>
    public static void Check(SinglePassOutline network, ImageSizes sizes, RestoreOptions options)
    {
        string size = options.SizeOption;
        if ((double)sizes.Scaled.Longer / sizes.Input.Longer > MostEnlargement)
            throw new PlanException(size, $"Single-pass networks enlarge at most {MostEnlargement} times.", "Choose a smaller size.");
        if (network.Needs.Side is int side)
            CheckFace(side, sizes.Input, options);
        if (options.Stride is not null)
            throw new PlanException("stride", "The network determines how far its tiles overlap.", "Omit --stride.");
        if ((options.ModelT ?? options.CoeffT) is not null)
            throw new PlanException(options.ModelT is null ? "coeff-t" : "t", "A single-pass network has no timestep.", "Omit it.");
        if (options.Dial is { } dial && network.Dial is not { } known)
            throw new PlanException("dial", $"{network.Family} has no setting that could be {dial}.", "Omit --dial.");
        if (options.Dial is { } value && network.Dial is { } range && !(value >= range.Least && value <= range.Most))
            throw new PlanException("dial", FormattableString.Invariant($"The {range.Name} must be from {range.Least} to {range.Most}."));
    }

    /// <summary>A network of faces sees one of them, as a square.</summary>
    private static void CheckFace(int side, PixelSize input, RestoreOptions options)
    {
        if (options.Tile is not null)
            throw new PlanException("tile", "The network restores a face as one piece.", "Omit --tile.");
        if (input.Longer <= MostStretched * input.Shorter)
            return;
        throw options.Area is null
            ? new PlanException(
                "crop", $"The network restores one face, as a square of {side}x{side} pixels, and this image has {input}.",
                "Choose a face: --mask FILE keeps the rest of the image, --crop X,Y,W,H cuts the face out. In an editor, select it.")
            : new PlanException(
                "crop", $"The area of {input} pixels is not square enough for a face, and the image has no room around it.",
                "Choose an area that is about as wide as it is high.");
    }

    private static List<PassPlan> Of(SinglePassOutline network, PixelSize input, int count, int side)
    {
        SinglePassNeeds needs = network.Needs;
        int maps = network.InChannels == 1 ? 3 : 1;
        var passes = new List<PassPlan>();
        for (int pass = 0; pass < count; pass++)
        {
            var tiles = new TileGrid(Axis(input.Height), Axis(input.Width));
            var stage = new StagePlan(
                tiles, new(network.Scale, 1), CostOf(network, new(
                    Math.Min(tiles.Rows.Tile, input.Height), Math.Min(tiles.Columns.Tile, input.Width), maps)));
            passes.Add(new(input, stage));
            input = passes[^1].To;
        }

        return passes;

        TileAxis Axis(int length)
        {
            int step = needs.Grid, covered = (length + step - 1) / step * step;
            return TileAxis.Even(covered, Math.Max(side, 2 * step), 2 * needs.Overlap, step);
        }
    }

    /// <summary>The share of what is computed that is used: the rest surrounds tiles.</summary>
    private static double Used(List<PassPlan> passes) => passes.Min(pass =>
        (double)pass.From.Pixels / ((double)pass.Stage.Tiles.Count * pass.Stage.Tiles.Rows.Tile * pass.Stage.Tiles.Columns.Tile));

    /// <summary>A network that does not enlarge runs once, whatever the size of the result.</summary>
    private static int Passes(int scale, double factor)
    {
        int passes = 1;
        for (long reached = scale; scale > 1 && reached < factor; reached *= scale)
            passes++;
        return passes;
    }

    private static double Of(LayerOutline layer, MapSize map) => layer switch
    {
        ConvLayer conv => 2.0 * conv.InChannels / conv.Groups * conv.OutChannels * conv.Kernel * conv.Kernel * map.Positions,
        LinearLayer linear => 2.0 * linear.InWidth * linear.OutWidth * map.Length(linear.Sequence, 0),
        AttentionLayer attention => 4.0 * map.Positions * map.Each * attention.Width,
        OtherLayer other => other.Operations * map.Positions,
        WindowAttentionLayer attention => attention.Operations * map.Positions,
        CountedLayer counted => counted.Operations * map.Positions,
        _ => 0,
    };
}
