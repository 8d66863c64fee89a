using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging;

/// <summary>
/// A decoded image in memory: sRGB color, upright (orientation applied), with straight (not premultiplied) alpha in a plane of its own.
/// </summary>
public sealed class RasterImage
{
    /// <summary>Makes an image around buffers that the caller gives up.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="bitsPerSample">8, or 16 (native byte order).</param>
    /// <param name="rgb">Interleaved R, G, B samples, row after row without padding: <c>3 * width * height * bitsPerSample / 8</c> bytes.</param>
    /// <param name="alpha">One sample a pixel of the same depth, 0 transparent; null for an opaque image.</param>
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

    /// <summary>One alpha sample a pixel (0 transparent), or null for an opaque image.</summary>
    public byte[]? Alpha { get; }

    /// <summary>What else the file said: profile, date, camera …</summary>
    public ImageMetadata Metadata { get; }

    /// <summary>The same pixels (the same buffers) with other metadata.</summary>
    public RasterImage With(ImageMetadata metadata) => new(Width, Height, BitsPerSample, Rgb, Alpha, metadata);
}

/// <summary>What an image file's header says.</summary>
/// <param name="Format">The kind of file, by its content.</param>
/// <param name="Width">Pixels in a row of the upright image.</param>
/// <param name="Height">Rows of the upright image.</param>
/// <param name="BitsPerSample">8 or 16, as <see cref="ImageFile.Load"/> gives it.</param>
/// <param name="HasAlpha">Whether the file has an alpha channel (which may yet turn out to be opaque everywhere).</param>
/// <param name="ProfileName">The embedded color profile's name; null without one.</param>
public sealed record ImageInfo(ImageFormat Format, int Width, int Height, int BitsPerSample, bool HasAlpha, string? ProfileName)
{
    /// <summary>Samples per pixel that the decoder works on, including those that are dropped.</summary>
    public int Samples { get; init; } = HasAlpha ? 4 : 3;

    /// <summary>Bytes of memory that decoding takes beside the image's own buffers.</summary>
    public long DecodingBytes { get; init; }
}

/// <summary>An image file cannot be read or written: damaged, hostile, of another kind, too large, or not there.</summary>
/// <param name="path">The file.</param>
/// <param name="message">What is wrong, as a sentence without the path.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class ImageException(string path, string message, string? remedy = null, Exception? inner = null)
    : HypirException($"{path}: {message}", remedy, inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}

/// <summary>What an image's file says besides its pixels, kept so that the restored file can say it too.</summary>
public sealed record ImageMetadata
{
    /// <summary>No metadata.</summary>
    public static ImageMetadata None { get; } = new();

    /// <summary>The ICC profile that was embedded in the file; the image's own colors are sRGB. Null without one.</summary>
    public byte[]? Profile { get; init; }

    /// <summary>
    /// EXIF: a little-endian TIFF structure with its main, camera and GPS directories. What belongs to the old pixels (orientation, size,
    /// thumbnail, color space) and the camera's private notes are left away. Null without.
    /// </summary>
    public byte[]? Exif { get; init; }

    /// <summary>An XMP packet in UTF-8, without what belongs to the old pixels. Null without.</summary>
    public byte[]? Xmp { get; init; }

    /// <summary>IPTC records (IIM datasets). Null without.</summary>
    public byte[]? Iptc { get; init; }

    /// <summary>Pixels per inch, horizontal and vertical; null where the file does not say.</summary>
    public (double X, double Y)? PixelsPerInch { get; init; }

    /// <summary>The samples in the colors of <see cref="Profile"/>, if they are to be written with it again. Null without.</summary>
    internal OwnColors? OwnColors { get; init; }

    /// <summary>
    /// What a person should know about how the file was read, a sentence each: first frame of an animation, profile damaged.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// The same without GPS data, place names and place codes. What cannot be read is left away too, since it may name a place.
    /// </summary>
    public ImageMetadata WithoutLocation()
    {
        using var stream = new MemoryStream(Exif ?? []);
        var exif = ExifBlock.Read(stream);
        exif?.Location.Clear();
        return this with
        {
            Exif = exif is null || exif.IsEmpty ? null : exif.ToBytes(),
            Xmp = Xmp is null ? null : XmpPacket.WithoutLocation(Xmp),
            Iptc = Iptc is null ? null : IptcRecords.WithoutLocation(Iptc),
        };
    }
}
