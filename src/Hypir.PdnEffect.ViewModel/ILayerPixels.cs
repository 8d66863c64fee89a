namespace Hypir.PdnEffect.ViewModel;

/// <summary>
/// The layer that is restored, and its colours' conversion. Pixels are four bytes: blue, green, red, straight alpha; rows have no padding. Methods are called
/// from any thread, one at a time.
/// </summary>
public interface ILayerPixels
{
    /// <summary>The whole layer; its first pixel is 0, 0.</summary>
    Region Bounds { get; }

    /// <summary>The bounds of what may change, within the layer.</summary>
    Region Selection { get; }

    /// <summary>A name for the document's colour space: equal where equal bytes are equal colours.</summary>
    string ColourSpace { get; }

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

    /// <summary>Converts pixels from sRGB into the document's colour space, in place; what becomes of alpha is left open.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Whole rows.</param>
    void FromSrgb(int width, Span<byte> rows);

    /// <summary>Converts pixels of the document's colour space into sRGB, in place, for the screen; alpha stays.</summary>
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
