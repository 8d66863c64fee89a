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

    /// <summary>Whether it contains no pixels.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>The number of pixels.</summary>
    public long Area => IsEmpty ? 0 : (long)Width * Height;

    /// <summary>The intersection; empty if the regions do not overlap.</summary>
    /// <param name="other">The other region.</param>
    public Region Intersect(Region other)
    {
        int x = Math.Max(X, other.X), y = Math.Max(Y, other.Y);
        return new(x, y, Math.Max(0, Math.Min(Right, other.Right) - x), Math.Max(0, Math.Min(Bottom, other.Bottom) - y));
    }

    /// <summary>This region grown by a margin on all sides.</summary>
    /// <param name="margin">Pixels on each side.</param>
    public Region Grow(int margin) => new(X - margin, Y - margin, Width + 2 * margin, Height + 2 * margin);
}

/// <summary>
/// The layer to restore, with color conversion. Pixels are four bytes: blue, green, red, straight alpha; rows have no padding. Methods may
/// be called from any thread, but only one at a time.
/// </summary>
public interface ILayerPixels
{
    /// <summary>The bounds of the layer; its first pixel is 0, 0.</summary>
    Region Bounds { get; }

    /// <summary>The bounds of the selection, within the layer.</summary>
    Region Selection { get; }

    /// <summary>A name for the document's color space; equal names mean that equal bytes are equal colors.</summary>
    string ColorSpace { get; }

    /// <summary>Copies pixels without conversion.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Receives whole rows, as many as fit.</param>
    void Read(int x, int y, int width, Span<byte> rows);

    /// <summary>Copies pixels converted to sRGB.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Receives whole rows, as many as fit.</param>
    void ReadSrgb(int x, int y, int width, Span<byte> rows);

    /// <summary>Converts pixels from sRGB into the document's color space, in place; alpha is undefined afterwards.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Whole rows.</param>
    void FromSrgb(int width, Span<byte> rows);

    /// <summary>Converts pixels of the document's color space into sRGB, in place, for display; alpha is unchanged.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Whole rows.</param>
    void ToSrgb(int width, Span<byte> rows);

    /// <summary>Copies the selection's mask: 0 outside, 255 inside, in between on soft edges.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Receives whole rows, one byte per pixel.</param>
    void ReadMask(int x, int y, int width, Span<byte> rows);
}

/// <summary>Receives a copy of the result, on a thread-pool thread.</summary>
public interface ICopyTarget
{
    /// <summary>Called when the copy's size is known.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    void Begin(int width, int height);

    /// <summary>Receives the next row, from the top.</summary>
    /// <param name="row">The row.</param>
    /// <param name="pixels">Blue, green, red, straight alpha; sRGB.</param>
    void Take(int row, ReadOnlySpan<byte> pixels);

    /// <summary>Called after the last row: the copy becomes visible only now.</summary>
    void End();
}

/// <summary>The dialog's state.</summary>
public enum RunState
{
    /// <summary>Idle.</summary>
    Idle,

    /// <summary>The dialog is asking the engine for its models; it is usable meanwhile.</summary>
    Connecting,

    /// <summary>A restoration is running.</summary>
    Running,

    /// <summary>A restoration is being stopped.</summary>
    Stopping,
}
