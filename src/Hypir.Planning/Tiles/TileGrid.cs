namespace Hypir.Planning.Tiles;

/// <summary>The tiles that cover an image or a latent, row by row. The default value has no tiles.</summary>
/// <param name="Rows">Tiles from top to bottom.</param>
/// <param name="Columns">Tiles from left to right.</param>
public readonly record struct TileGrid(TileAxis Rows, TileAxis Columns)
{
    /// <summary>A grid of square tiles.</summary>
    /// <param name="height">Rows to cover.</param>
    /// <param name="width">Columns to cover.</param>
    /// <param name="tile">Side of a tile; reduced to the image's size if that is smaller.</param>
    /// <param name="stride">Distance between tiles, 1 … tile.</param>
    public static TileGrid Cover(int height, int width, int tile, int stride) => new(new(height, tile, stride), new(width, tile, stride));

    /// <summary>Number of tiles.</summary>
    public int Count => Rows.Count * Columns.Count;

    /// <summary>The place of a tile.</summary>
    /// <param name="row">Index from the top.</param>
    /// <param name="column">Index from the left.</param>
    public TileWindow Window(int row, int column)
    {
        int top = Rows.Start(row), left = Columns.Start(column);
        return new(top, top + Rows.Tile, left, left + Columns.Tile);
    }

    /// <summary>All tiles in execution order.</summary>
    public IEnumerable<TileWindow> Windows()
    {
        for (int row = 0; row < Rows.Count; row++)
            for (int column = 0; column < Columns.Count; column++)
                yield return Window(row, column);
    }
}

/// <summary>
/// Tiles along one axis: they start at 0, stride, 2·stride … while they fit; if the last of these does not reach the far edge, one more
/// lies flush with it (the reference's <c>sliding_windows</c>).
/// </summary>
public readonly record struct TileAxis
{
    /// <summary>Lays out the tiles; a tile longer than the axis is cut to its length.</summary>
    /// <param name="length">Positions on the axis, at least 1.</param>
    /// <param name="tile">Positions in a tile, at least 1.</param>
    /// <param name="stride">Distance between starts, 1 … tile.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range: tiles would leave gaps.</exception>
    public TileAxis(int length, int tile, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tile, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, tile);
        Length = length;
        Tile = Math.Min(tile, length);
        Stride = Math.Min(stride, Tile);
    }

    /// <summary>Lays out as few tiles as the largest size allows, as small and as even as possible.</summary>
    /// <param name="length">Positions on the axis, at least 1.</param>
    /// <param name="largest">The largest number of positions in a tile; at least twice the step if there is more than one tile.</param>
    /// <param name="overlap">The smallest overlap of neighbors in positions; less than <paramref name="largest"/>.</param>
    /// <param name="step">Tile starts and lengths are multiples of this.</param>
    /// <param name="least">The smallest number of tiles if the axis is longer than <paramref name="largest"/>.</param>
    public static TileAxis Even(int length, int largest, int overlap, int step, int least = 1)
    {
        if (length <= largest)
            return new(length, length, length);
        int most = Math.Max(largest / step, 1) * step, shared = Math.Min(RoundUp(overlap, step), most - step);
        int count = Math.Max((length - shared + most - shared - 1) / (most - shared), least);
        int tile = Math.Min(RoundUp((length + (count - 1) * shared + count - 1) / count, step), most);
        return new(length, tile, Math.Min(RoundUp((length - tile + count - 2) / (count - 1), step), tile));

        static int RoundUp(int value, int step) => (value + step - 1) / step * step;
    }

    /// <summary>
    /// The distance of these tiles' edges from the cross-fades of other tiles, which are the middle halves of their overlaps.
    /// </summary>
    /// <param name="other">Other tiles of the same axis.</param>
    /// <returns>Positions; 0 inside a cross-fade, and the axis length if either has a single tile.</returns>
    public int ApartFrom(TileAxis other)
    {
        int apart = Length;
        for (int tile = 0; tile + 1 < other.Count; tile++)
        {
            int first = other.Start(tile + 1), end = other.Start(tile) + other.Tile, quarter = (end - first) / 4;
            for (int own = 0; own + 1 < Count; own++)
                foreach (int edge in new[] { Start(own + 1), Start(own) + Tile })
                    apart = Math.Min(apart, Math.Max(Math.Max(first + quarter - edge, edge - (end - quarter)), 0));
        }

        return apart;
    }

    /// <summary>The length of the axis.</summary>
    public int Length { get; }

    /// <summary>The length of a tile, at most <see cref="Length"/>.</summary>
    public int Tile { get; }

    /// <summary>Distance between the starts of neighbors (the last may be closer).</summary>
    public int Stride { get; }

    /// <summary>The number of tiles; 0 for the default value, whose axis is empty.</summary>
    public int Count => Length == 0 ? 0 : 1 + (Length - Tile + Stride - 1) / Stride;

    /// <summary>First position of a tile.</summary>
    /// <param name="index">0 … <see cref="Count"/> - 1.</param>
    public int Start(int index) => Math.Min(index * Stride, Length - Tile);
}

/// <summary>The place of one tile: half-open ranges of rows and columns.</summary>
/// <param name="Top">First row.</param>
/// <param name="Bottom">End of the rows (exclusive).</param>
/// <param name="Left">First column.</param>
/// <param name="Right">End of the columns (exclusive).</param>
public readonly record struct TileWindow(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Rows.</summary>
    public int Height => Bottom - Top;

    /// <summary>Columns.</summary>
    public int Width => Right - Left;
}

/// <summary>
/// The ratio of output to input positions of a tiled function: times <see cref="Up"/>, divided by <see cref="Down"/>.
/// </summary>
/// <param name="Up">At least 1.</param>
/// <param name="Down">At least 1.</param>
public readonly record struct TileScale(int Up, int Down)
{
    /// <summary>Output and input have the same size.</summary>
    public static TileScale Same { get; } = new(1, 1);

    /// <summary>Converts an input position or length to the output's scale.</summary>
    public int Of(int position) => checked(position * Up) / Down;

    /// <summary>The grid of output tiles.</summary>
    public TileGrid Of(TileGrid grid) => new(Of(grid.Rows), Of(grid.Columns));

    private TileAxis Of(TileAxis axis) => axis.Length == 0 ? default : new(Of(axis.Length), Of(axis.Tile), Of(axis.Stride));
}
