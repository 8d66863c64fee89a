namespace Hypir.Protocol.Pixels;

/// <summary>Facts about layouts.</summary>
public static class PixelLayouts
{
    /// <summary>Bytes of one pixel.</summary>
    /// <param name="layout">A layout.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static int BytesPerPixel(this PixelLayout layout) => layout switch
    {
        PixelLayout.Rgb24 => 3,
        PixelLayout.Rgba32 or PixelLayout.Bgra32 => 4,
        PixelLayout.Rgb48 => 6,
        PixelLayout.Rgba64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "This is no layout."),
    };

    /// <summary>8 or 16.</summary>
    /// <param name="layout">A layout.</param>
    public static int BitsPerSample(this PixelLayout layout) => layout is PixelLayout.Rgb48 or PixelLayout.Rgba64 ? 16 : 8;

    /// <summary>Whether there is alpha.</summary>
    /// <param name="layout">A layout.</param>
    public static bool HasAlpha(this PixelLayout layout) => layout is PixelLayout.Rgba32 or PixelLayout.Bgra32 or PixelLayout.Rgba64;
}
