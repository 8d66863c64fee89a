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

/// <summary>
/// The layer that is restored, and its colors' conversion. Pixels are four bytes: blue, green, red, straight alpha; rows have no padding.
/// Methods are called from any thread, one at a time.
/// </summary>
public interface ILayerPixels
{
    /// <summary>The whole layer; its first pixel is 0, 0.</summary>
    Region Bounds { get; }

    /// <summary>The bounds of what may change, within the layer.</summary>
    Region Selection { get; }

    /// <summary>A name for the document's color space: equal where equal bytes are equal colors.</summary>
    string ColorSpace { get; }

    /// <summary>Copies pixels as they are.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Takes whole rows, as many as fit in.</param>
    void Read(int x, int y, int width, Span<byte> rows);

    /// <summary>Copies pixels in sRGB.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Takes whole rows, as many as fit in.</param>
    void ReadSrgb(int x, int y, int width, Span<byte> rows);

    /// <summary>Converts pixels from sRGB into the document's color space, in place; what becomes of alpha is left open.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Whole rows.</param>
    void FromSrgb(int width, Span<byte> rows);

    /// <summary>Converts pixels of the document's color space into sRGB, in place, for the screen; alpha stays.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Whole rows.</param>
    void ToSrgb(int width, Span<byte> rows);

    /// <summary>Copies the selection's mask: 0 outside, 255 inside, between them where an edge is soft.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Takes whole rows, one byte a pixel.</param>
    void ReadMask(int x, int y, int width, Span<byte> rows);
}

/// <summary>Takes a copy of the result, on a thread of the pool.</summary>
public interface ICopyTarget
{
    /// <summary>The copy's size is known.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    void Begin(int width, int height);

    /// <summary>Takes a row, from the top.</summary>
    /// <param name="row">The row.</param>
    /// <param name="pixels">Blue, green, red, straight alpha; sRGB.</param>
    void Take(int row, ReadOnlySpan<byte> pixels);

    /// <summary>All rows were given: only now may anything be seen of it.</summary>
    void End();
}

/// <summary>What the dialog does.</summary>
public enum RunState
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>It asks the engine for its models; the dialog can be used.</summary>
    Connecting,

    /// <summary>A restoration runs.</summary>
    Running,

    /// <summary>A restoration is being stopped.</summary>
    Stopping,
}
