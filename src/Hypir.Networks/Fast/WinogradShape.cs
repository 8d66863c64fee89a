namespace Hypir.Networks.Fast;

/// <summary>Sizes of a <see cref="Winograd"/> convolution of one picture.</summary>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it makes.</param>
/// <param name="SourceHeight">Rows in memory.</param>
/// <param name="SourceWidth">Columns in memory.</param>
/// <param name="Height">Rows of the map and of the result: twice those in memory, or one less, where it is enlarged.</param>
/// <param name="Width">Columns of the map and of the result.</param>
/// <param name="Halve">1 where each pixel in memory stands for two by two, else 0.</param>
internal sealed record WinogradShape(int Inputs, int Outputs, int SourceHeight, int SourceWidth, int Height, int Width, int Halve)
{
    private const int Results = 4;

    /// <summary>Rows of tiles.</summary>
    public int TileRows => (Height + Results - 1) / Results;

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => (Width + Results - 1) / Results;

    /// <summary>Elements from one row in memory to the next.</summary>
    public long SourcePitch => (long)SourceWidth * Inputs;

    /// <summary>Elements from one row of the result to the next.</summary>
    public long Pitch => (long)Width * Outputs;

    /// <summary>The first row in memory that a row of tiles reads.</summary>
    public int FirstSourceRow(int tileRow) => Math.Max(0, (Results * tileRow - 1) >> Halve);

    /// <summary>One past the last row in memory that the row of tiles before this one reads.</summary>
    public int EndSourceRow(int endTileRow) => Math.Min(SourceHeight, ((Results * endTileRow) >> Halve) + 1);
}
