namespace Hypir.PdnEffect.ViewModel;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct Region(int X, int Y, int Width, int Height)
{
    /// <summary>The column after the last one.</summary>
    public int Right => X + Width;

    /// <summary>The row after the last one.</summary>
    public int Bottom => Y + Height;

    /// <summary>Whether it holds no pixel.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>The pixels in it.</summary>
    public long Area => IsEmpty ? 0 : (long)Width * Height;

    /// <summary>What both hold; empty where they do not meet.</summary>
    /// <param name="other">The other one.</param>
    public Region Intersect(Region other)
    {
        int x = Math.Max(X, other.X), y = Math.Max(Y, other.Y);
        return new(x, y, Math.Max(0, Math.Min(Right, other.Right) - x), Math.Max(0, Math.Min(Bottom, other.Bottom) - y));
    }

    /// <summary>This one and so many pixels around it.</summary>
    /// <param name="margin">Pixels on each side.</param>
    public Region Grow(int margin) => new(X - margin, Y - margin, Width + 2 * margin, Height + 2 * margin);
}
