namespace Hypir.Imaging;

/// <summary>
/// A decoded picture in memory: sRGB colour, upright (orientation applied), with straight (not premultiplied) alpha in a plane of its own.
/// </summary>
public sealed class RasterImage
{
    /// <summary>Makes a picture around buffers that the caller gives up.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="bitsPerSample">8, or 16 (native byte order).</param>
    /// <param name="rgb">Interleaved R, G, B samples, row after row without padding: <c>3 * width * height * bitsPerSample / 8</c> bytes.</param>
    /// <param name="alpha">One sample a pixel of the same depth, 0 transparent; null for an opaque picture.</param>
    /// <param name="metadata">What else the file said.</param>
    /// <exception cref="ArgumentException">A size is below 1 or a buffer has another length.</exception>
    public RasterImage(int width, int height, int bitsPerSample, byte[] rgb, byte[]? alpha = null, ImageMetadata? metadata = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (bitsPerSample is not (8 or 16))
            throw new ArgumentException("Samples have 8 or 16 bits.", nameof(bitsPerSample));
        long plane = (long)width * height * (bitsPerSample / 8);
        if (rgb.LongLength != 3 * plane)
            throw new ArgumentException($"{width}x{height} pixels need {3 * plane} bytes, not {rgb.LongLength}.", nameof(rgb));
        if (alpha is not null && alpha.LongLength != plane)
            throw new ArgumentException($"{width}x{height} pixels need {plane} bytes, not {alpha.LongLength}.", nameof(alpha));
        (Width, Height, BitsPerSample, Rgb, Alpha, Metadata) = (width, height, bitsPerSample, rgb, alpha, metadata ?? ImageMetadata.None);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>8 or 16.</summary>
    public int BitsPerSample { get; }

    /// <summary>Interleaved R, G, B samples, row after row without padding; 16-bit samples in native byte order.</summary>
    public byte[] Rgb { get; }

    /// <summary>One alpha sample a pixel (0 transparent), or null for an opaque picture.</summary>
    public byte[]? Alpha { get; }

    /// <summary>What else the file said: profile, date, camera …</summary>
    public ImageMetadata Metadata { get; }

    /// <summary>The same pixels (the same buffers) with other metadata.</summary>
    public RasterImage With(ImageMetadata metadata) => new(Width, Height, BitsPerSample, Rgb, Alpha, metadata);
}
