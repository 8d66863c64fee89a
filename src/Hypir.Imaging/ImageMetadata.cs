using Hypir.Imaging.Color;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging;

/// <summary>What a picture's file says besides its pixels, kept so that the restored file can say it too.</summary>
public sealed record ImageMetadata
{
    /// <summary>No metadata.</summary>
    public static ImageMetadata None { get; } = new();

    /// <summary>The ICC profile that was embedded in the file; the picture's own colours are sRGB. Null without one.</summary>
    public byte[]? Profile { get; init; }

    /// <summary>
    /// EXIF: a little-endian TIFF structure with its main, camera and GPS directories. What belongs to the old pixels (orientation, size,
    /// thumbnail, colour space) and the camera's private notes are left away. Null without.
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

    /// <summary>What a person should know about how the file was read, a sentence each: first frame of an animation, profile damaged.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The same without GPS data, place names and place codes. What cannot be read is left away too, since it may name a place.</summary>
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
