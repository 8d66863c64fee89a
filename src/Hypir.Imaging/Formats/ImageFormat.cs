namespace Hypir.Imaging.Formats;

/// <summary>The kinds of picture file that are read. All but <see cref="Gif"/> are written too.</summary>
public enum ImageFormat
{
    /// <summary>Portable Network Graphics: 8 and 16 bits, alpha, profile.</summary>
    Png,

    /// <summary>JPEG: 8 bits, no alpha.</summary>
    Jpeg,

    /// <summary>WebP: 8 bits, alpha, at most 16,383 pixels a side.</summary>
    WebP,

    /// <summary>Windows bitmap: 8 bits, alpha, no metadata.</summary>
    Bmp,

    /// <summary>GIF: its first frame is read.</summary>
    Gif,

    /// <summary>TIFF: 8 and 16 bits, alpha, profile; its first page is read.</summary>
    Tiff,
}
