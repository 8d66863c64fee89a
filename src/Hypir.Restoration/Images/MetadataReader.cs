using System.Globalization;
using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>Gathers what an opened file says besides its pixels, in the form that does not depend on the kind of file.</summary>
internal static class MetadataReader
{
    private const ushort Description = 0x010e, Artist = 0x013b, Copyright = 0x8298;

    /// <summary>Reads the metadata.</summary>
    /// <param name="image">The opened file.</param>
    /// <param name="path">The file itself: libvips passes over the EXIF of a TIFF file.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="profile">The embedded profile, if it is of use.</param>
    /// <param name="notes">Takes what a person should know.</param>
    internal static PictureMetadata Read(Image image, string path, PictureFormat format, IccProfile? profile, List<string> notes)
    {
        var text = new PngText(image);
        var exif = Exif(image, path, format, text);
        if (exif.LostMakerNote)
            notes.Add("The camera maker's private notes in the EXIF data were not kept.");
        byte[]? xmp = Blob(image, "xmp-data") is { } packet ? XmpPacket.WithoutOldPixels(packet) : null;
        if (xmp is null && image.Contains("xmp-data"))
            notes.Add("The XMP data is damaged and was not kept.");
        return new PictureMetadata
        {
            Profile = profile?.Data,
            Exif = exif.IsEmpty ? null : exif.ToBytes(),
            Xmp = xmp,
            Iptc = (Blob(image, "iptc-data") ?? text.Raw("iptc")) is { } iptc ? IptcRecords.Unwrap(iptc) : null,
            PixelsPerInch = PixelsPerInch(image),
        };
    }

    /// <summary>A sentence where the file holds more pictures than the one that is read; null where not.</summary>
    internal static string? OtherFrames(Image image, PictureFormat format)
    {
        int frames = image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
        string kind = format == PictureFormat.Tiff ? "pages" : "frames";
        return frames > 1 ? string.Create(CultureInfo.InvariantCulture, $"The file has {frames} {kind}; only the first is read.") : null;
    }

    /// <summary>A block of bytes by libvips' name; null without one.</summary>
    internal static byte[]? Blob(Image image, string name) => image.Contains(name) && image.Get(name) is byte[] { Length: > 0 } bytes ? bytes : null;

    private static ExifBlock Exif(Image image, string path, PictureFormat format, PngText text)
    {
        ExifBlock? block;
        if (format == PictureFormat.Tiff)
        {
            using var file = File.OpenRead(path);
            block = ExifBlock.Read(file);
        }
        else
        {
            byte[] bytes = Blob(image, "exif-data") ?? [];
            // JPEG's marker segment starts with its name.
            using var stream = new MemoryStream(bytes.AsSpan().StartsWith("Exif\0\0"u8) ? bytes[6..] : bytes);
            block = ExifBlock.Read(stream);
        }
        block ??= ExifBlock.Empty();
        foreach (var (tag, keyword) in new[] { (Description, "Description"), (Artist, "Author"), (Copyright, "Copyright") })
        {
            if (text.Text(keyword) is { } said)
                block.AddText(tag, said);
        }
        return block;
    }

    private static (double X, double Y)? PixelsPerInch(Image image)
    {
        const double millimetres = 25.4;
        // One pixel a millimetre is what libvips says where the file does not.
        bool said = image.Xres > 0 && image.Yres > 0 && (image.Xres != 1 || image.Yres != 1);
        return said ? (image.Xres * millimetres, image.Yres * millimetres) : null;
    }
}
