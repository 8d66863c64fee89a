namespace Hypir.Networks.Fast.Training;

/// <summary>The tiles of 4x4 results of all images of a batch, in one row: small maps fill whole groups of tiles together.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Height">Rows of a map.</param>
/// <param name="Width">Columns of a map.</param>
internal readonly record struct BatchTiles(int Images, int Height, int Width)
{
    private const int Results = 4;

    /// <summary>Tiles of all images.</summary>
    public int Tiles => Images * OfImage;

    private int Columns => (Width + Results - 1) / Results;

    private int OfImage => (Height + Results - 1) / Results * Columns;

    /// <summary>A tile's place in its image.</summary>
    public TilePlace this[int tile]
    {
        get
        {
            (int image, int own) = Math.DivRem(tile, OfImage);
            (int row, int column) = Math.DivRem(own, Columns);
            (int top, int left) = (row * Results, column * Results);
            return new(image, top, left, Math.Min(Results, Height - top), Math.Min(Results, Width - left));
        }
    }

    /// <summary>The index of a pixel among those of all images.</summary>
    public long Pixel(int image, int row, int column) => ((long)image * Height + row) * Width + column;
}

/// <summary>A tile of an image.</summary>
/// <param name="Image">The image's index.</param>
/// <param name="Row">The first row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Height">Rows inside the map, 1 to 4.</param>
/// <param name="Width">Columns inside the map, 1 to 4.</param>
internal readonly record struct TilePlace(int Image, int Row, int Column, int Height, int Width);
