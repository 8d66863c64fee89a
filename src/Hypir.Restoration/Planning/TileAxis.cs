namespace Hypir.Restoration.Planning;

/// <summary>
/// Tiles along one axis: they start at 0, stride, 2·stride … while they fit, and one more lies flush with the far edge where the last of these does
/// not end there (the reference's <c>sliding_windows</c>).
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
