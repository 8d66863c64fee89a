namespace Hypir.Protocol.Pixels;

/// <summary>How pixels lie in a pixel file: rows from the top without padding, samples of a pixel together, alpha straight (not premultiplied).</summary>
public enum PixelLayout
{
    /// <summary>8 bits each: red, green, blue.</summary>
    Rgb24 = 1,

    /// <summary>8 bits each: red, green, blue, alpha.</summary>
    Rgba32 = 2,

    /// <summary>8 bits each: blue, green, red, alpha; what Paint.NET's surfaces hold.</summary>
    Bgra32 = 3,

    /// <summary>16 bits each, little-endian: red, green, blue.</summary>
    Rgb48 = 4,

    /// <summary>16 bits each, little-endian: red, green, blue, alpha.</summary>
    Rgba64 = 5,
}
