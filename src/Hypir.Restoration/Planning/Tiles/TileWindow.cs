namespace Hypir.Restoration.Planning.Tiles;

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
