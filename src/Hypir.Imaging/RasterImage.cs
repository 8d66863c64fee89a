using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Jpeg;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging;

/// <summary>
/// A decoded image in memory: sRGB color, upright (orientation applied), with straight (not premultiplied) alpha in its own plane.
/// </summary>
public sealed class RasterImage
{
    /// <summary>Wraps buffers; the image takes ownership of them.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="bitsPerSample">8, or 16 (native byte order).</param>
    /// <param name="rgb">
    /// Interleaved R, G, B samples, row after row without padding: <c>3 * width * height * bitsPerSample / 8</c> bytes.
    /// </param>
    /// <param name="alpha">One sample per pixel at the same depth, 0 transparent; null for an opaque image.</param>
    /// <param name="metadata">Other information from the file.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a buffer has the wrong length.</exception>
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

    /// <summary>One alpha sample per pixel (0 transparent), or null for an opaque image.</summary>
    public byte[]? Alpha { get; }

    /// <summary>Other information from the file: profile, date, camera …</summary>
    public ImageMetadata Metadata { get; }

    /// <summary>Copies a rectangle, with the metadata.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns; the rectangle must lie within the image.</param>
    /// <param name="height">Rows.</param>
    public RasterImage Cut(int x, int y, int width, int height)
    {
        int sample = BitsPerSample / 8;
        return new(
            width, height, BitsPerSample, Planes.Cut(Rgb, 3 * sample, Width, x, y, width, height),
            Alpha is null ? null : Planes.Cut(Alpha, sample, Width, x, y, width, height),
            Metadata with { OwnColors = Metadata.OwnColors?.Cut(x, y, width, height), Jpeg = Metadata.Jpeg?.Cut(x, y) });
    }

    /// <summary>The same pixels (and buffers) with other metadata.</summary>
    public RasterImage With(ImageMetadata metadata) => new(Width, Height, BitsPerSample, Rgb, Alpha, metadata);

    /// <summary>The same alpha (and its buffer) with other colors.</summary>
    public RasterImage WithColors(byte[] rgb) => new(Width, Height, BitsPerSample, rgb, Alpha, Metadata);
}

/// <summary>The header of an image file.</summary>
/// <param name="Format">The format, detected from the content.</param>
/// <param name="Width">Pixels in a row of the upright image.</param>
/// <param name="Height">Rows of the upright image.</param>
/// <param name="BitsPerSample">8 or 16, as decoded by <see cref="ImageFile.Load"/>.</param>
/// <param name="HasAlpha">Whether the file has an alpha channel (which may turn out to be opaque everywhere).</param>
/// <param name="ProfileName">The embedded color profile's name; null if there is none.</param>
public sealed record ImageInfo(ImageFormat Format, int Width, int Height, int BitsPerSample, bool HasAlpha, string? ProfileName)
{
    /// <summary>Samples per pixel in the decoder, including those that are dropped.</summary>
    public int Samples { get; init; } = HasAlpha ? 4 : 3;

    /// <summary>Memory that decoding takes besides the image's own buffers, in bytes.</summary>
    public long DecodingBytes { get; init; }
}

/// <summary>An image file cannot be read or written: damaged, hostile, of another kind, too large, or missing.</summary>
/// <param name="path">The file.</param>
/// <param name="message">What is wrong, as a sentence without the path.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The underlying exception, if any.</param>
public sealed class ImageException(string path, string message, string? remedy = null, Exception? inner = null)
    : HypirException($"{path}: {message}", remedy, inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}

/// <summary>The metadata of an image file, kept so that the restored file can carry it too.</summary>
public sealed record ImageMetadata
{
    /// <summary>No metadata.</summary>
    public static ImageMetadata None { get; } = new();

    /// <summary>The ICC profile embedded in the file; the image's own colors are sRGB. Null if there was none.</summary>
    public byte[]? Profile { get; init; }

    /// <summary>
    /// EXIF: a little-endian TIFF structure with its main, camera and GPS directories. Tags that describe the old pixels (orientation,
    /// size, thumbnail, color space) and maker notes are dropped. Null if there is none.
    /// </summary>
    public byte[]? Exif { get; init; }

    /// <summary>An XMP packet in UTF-8, without properties that describe the old pixels. Null if there is none.</summary>
    public byte[]? Xmp { get; init; }

    /// <summary>IPTC records (IIM datasets). Null if there are none.</summary>
    public byte[]? Iptc { get; init; }

    /// <summary>Pixels per inch, horizontal and vertical; null if the file does not say.</summary>
    public (double X, double Y)? PixelsPerInch { get; init; }

    /// <summary>Whether the file stores one gray sample per pixel. A result without color is written like that too.</summary>
    public bool Gray { get; init; }

    /// <summary>Whether the file is lossless WebP: a WebP file that is written from it is lossless too.</summary>
    public bool LosslessWebP { get; init; }

    /// <summary>The samples in the colors of <see cref="Profile"/>, if they are to be written with it again; otherwise null.</summary>
    internal OwnColors? OwnColors { get; init; }

    /// <summary>
    /// The EXIF orientation, 1 to 8, that was applied to samples otherwise left as stored; null if their colors were converted.
    /// </summary>
    internal int? StoredOrientation { get; init; }

    /// <summary>The coefficients of the JPEG file that the image was decoded from, if they are wanted; otherwise null.</summary>
    public JpegCoefficients? Jpeg { get; init; }

    /// <summary>
    /// Notes for the user about how the file was read, one sentence each: first frame of an animation, damaged profile.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// The same without GPS data, place names and place codes. Unreadable data is dropped too, since it may name a place.
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
