namespace Hypir.Restoration.Planning;

/// <summary>The size of a picture.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>The smaller of the two sides.</summary>
    public int Shorter => Math.Min(Width, Height);

    /// <summary>The larger of the two sides.</summary>
    public int Longer => Math.Max(Width, Height);

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
