namespace Hypir.Restoration.Planning.Tiles;

/// <summary>The tiles that cover a picture or a latent, row by row. The default value has none.</summary>
/// <param name="Rows">Tiles from top to bottom.</param>
/// <param name="Columns">Tiles from left to right.</param>
public readonly record struct TileGrid(TileAxis Rows, TileAxis Columns)
{
    /// <summary>A grid of square tiles.</summary>
    /// <param name="height">Rows to cover.</param>
    /// <param name="width">Columns to cover.</param>
    /// <param name="tile">Side of a tile; cut to the picture where that is smaller.</param>
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
