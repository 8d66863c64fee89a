namespace Hypir.Restoration.Planning.Tiles;

/// <summary>The tiles that cover an image or a latent, row by row. The default value has none.</summary>
/// <param name="Rows">Tiles from top to bottom.</param>
/// <param name="Columns">Tiles from left to right.</param>
public readonly record struct TileGrid(TileAxis Rows, TileAxis Columns)
{
    /// <summary>A grid of square tiles.</summary>
    /// <param name="height">Rows to cover.</param>
    /// <param name="width">Columns to cover.</param>
    /// <param name="tile">Side of a tile; cut to the image where that is smaller.</param>
    /// <param name="stride">Distance between tiles, 1 … tile.</param>
    public static TileGrid Cover(int height, int width, int tile, int stride) => new(new(height, tile, stride), new(width, tile, stride));

    /// <summary>Number of tiles.</summary>
    public int Count => Rows.Count * Columns.Count;

    /// <summary>A tile's place.</summary>
    /// <param name="row">Index from the top.</param>
    /// <param name="column">Index from the left.</param>
    public TileWindow Window(int row, int column)
    {
        int top = Rows.Start(row), left = Columns.Start(column);
        return new(top, top + Rows.Tile, left, left + Columns.Tile);
    }

    /// <summary>All tiles in the order in which they are computed.</summary>
    public IEnumerable<TileWindow> Windows()
    {
        for (int row = 0; row < Rows.Count; row++)
            for (int column = 0; column < Columns.Count; column++)
                yield return Window(row, column);
    }
}

/// <summary>
/// Tiles along one axis: they start at 0, stride, 2·stride … while they fit, and one more lies flush with the far edge where the last of
/// these does not end there (the reference's <c>sliding_windows</c>).
/// </summary>
public readonly record struct TileAxis
{
    /// <summary>Describes the tiles; a tile longer than the axis is cut to its length.</summary>
    /// <param name="length">Positions on the axis, at least 1.</param>
    /// <param name="tile">Positions in a tile, at least 1.</param>
    /// <param name="stride">Distance between starts, 1 … tile.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range: tiles would leave gaps.</exception>
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

    /// <summary>As few tiles as a largest size allows, and these as small and as even as they can be.</summary>
    /// <param name="length">Positions on the axis, at least 1.</param>
    /// <param name="largest">Most positions in a tile; at least twice the step where there is more than one.</param>
    /// <param name="overlap">Positions that neighbours share, at least; less than <paramref name="largest"/>.</param>
    /// <param name="step">Tiles begin at multiples of this, and their lengths are multiples.</param>
    /// <param name="least">Tiles that there are at least, where the axis is longer than the largest.</param>
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
    /// How far the ends of these tiles lie from where other ones take over from each other, which is the middle half of what neighbours
    /// share.
    /// </summary>
    /// <param name="other">Tiles of the same axis.</param>
    /// <returns>Positions; 0 within it, and the axis' length where either has one tile.</returns>
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

    /// <summary>Positions on the axis.</summary>
    public int Length { get; }

    /// <summary>Positions in a tile, at most <see cref="Length"/>.</summary>
    public int Tile { get; }

    /// <summary>Distance between the starts of neighbours (the last may be nearer).</summary>
    public int Stride { get; }

    /// <summary>Number of tiles; 0 for the default value, which has no positions.</summary>
    public int Count => Length == 0 ? 0 : 1 + (Length - Tile + Stride - 1) / Stride;

    /// <summary>First position of a tile.</summary>
    /// <param name="index">0 … <see cref="Count"/> - 1.</param>
    public int Start(int index) => Math.Min(index * Stride, Length - Tile);
}

/// <summary>One tile's place: half-open ranges of rows and columns.</summary>
/// <param name="Top">First row.</param>
/// <param name="Bottom">Row after the last.</param>
/// <param name="Left">First column.</param>
/// <param name="Right">Column after the last.</param>
public readonly record struct TileWindow(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Rows.</summary>
    public int Height => Bottom - Top;

    /// <summary>Columns.</summary>
    public int Width => Right - Left;
}

/// <summary>
/// How positions change between the input and the output of a tiled function: times <see cref="Up"/>, over <see cref="Down"/>.
/// </summary>
/// <param name="Up">At least 1.</param>
/// <param name="Down">At least 1.</param>
public readonly record struct TileScale(int Up, int Down)
{
    /// <summary>Output and input have the same size.</summary>
    public static TileScale Same { get; } = new(1, 1);

    /// <summary>An input position or length on the output's scale.</summary>
    public int Of(int position) => checked(position * Up) / Down;

    /// <summary>The grid of the output's tiles.</summary>
    public TileGrid Of(TileGrid grid) => new(Of(grid.Rows), Of(grid.Columns));

    private TileAxis Of(TileAxis axis) => axis.Length == 0 ? default : new(Of(axis.Length), Of(axis.Tile), Of(axis.Stride));
}
