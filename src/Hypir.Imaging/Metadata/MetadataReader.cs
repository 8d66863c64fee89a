using System.Globalization;
using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using NetVips;

namespace Hypir.Imaging.Metadata;

/// <summary>Collects the metadata of an open file in a form independent of the file format.</summary>
internal static class MetadataReader
{
    private const ushort Description = 0x010e, Artist = 0x013b, Copyright = 0x8298;

    // EXIF in a JPEG file is limited to 64 KiB: a longer text would cost the whole block.
    private const int LongestText = 10_000;

    /// <summary>Reads the EXIF data; null if there is none.</summary>
    /// <param name="image">The opened file.</param>
    /// <param name="path">The file itself: libvips skips the EXIF data of TIFF files.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="png">The chunks, for PNG: libvips skips those after the pixels.</param>
    internal static ExifBlock? Exif(Image image, string path, ImageFormat format, PngChunks? png)
    {
        if (format != ImageFormat.Tiff)
            return Exif(png?.Exif ?? Blob(image, "exif-data"));
        using var file = File.OpenRead(path);
        return ExifBlock.Read(file);
    }

    /// <summary>Reads the metadata.</summary>
    /// <param name="image">The opened file.</param>
    /// <param name="found">Its EXIF data, or null.</param>
    /// <param name="png">The chunks, for PNG.</param>
    /// <param name="profile">The profile, if usable.</param>
    /// <param name="statesResolution">Whether the resolution that libvips reports can be the file's own.</param>
    /// <param name="notes">Receives notes for the user.</param>
    internal static ImageMetadata Read(
        Image image, ExifBlock? found, PngChunks? png, IccProfile? profile, bool statesResolution, List<string> notes)
    {
        var exif = found ?? ExifBlock.Empty();
        AddTexts(exif, png);
        if (exif.LostMakerNote)
            notes.Add("The camera maker's private notes in the EXIF data were not kept.");
        byte[]? packet = png?.Xmp ?? Blob(image, "xmp-data"), xmp = packet is null ? null : XmpPacket.WithoutOldPixels(packet);
        if (xmp is null && packet is not null)
            notes.Add("The XMP data is damaged and was not kept.");
        return new ImageMetadata
        {
            Profile = profile?.Data,
            Exif = exif.IsEmpty ? null : exif.ToBytes(),
            Xmp = xmp,
            Iptc = (png?.Iptc ?? Blob(image, "iptc-data")) is { } iptc ? IptcRecords.Unwrap(iptc) : null,
            PixelsPerInch = (statesResolution ? PixelsPerInch(image) : null) ?? exif.PixelsPerInch,
        };
    }

    /// <summary>The orientation of the stored image, 1 to 8: from its EXIF data or, failing that, its XMP packet.</summary>
    /// <param name="image">The opened file.</param>
    /// <param name="png">The chunks, for PNG.</param>
    internal static int Orientation(Image image, PngChunks? png)
    {
        if (image.Contains("orientation"))
            return (int)image.Get("orientation");
        if (Exif(png?.Exif)?.Orientation is { } turn)
            return turn;
        return (png?.Xmp ?? Blob(image, "xmp-data")) is { } packet ? XmpPacket.Orientation(packet) ?? 1 : 1;
    }

    /// <summary>A note if the file holds more images than the one that is read; otherwise null.</summary>
    /// <param name="image">The opened file.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="page">The page that is read, counted from 0.</param>
    internal static string? OtherFrames(Image image, ImageFormat format, int page)
    {
        int frames = image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
        if (format == ImageFormat.Tiff)
            return TiffPages.Note(page, frames);
        return frames > 1 ? string.Create(CultureInfo.InvariantCulture, $"The file has {frames} frames; only the first is read.") : null;
    }

    /// <summary>A metadata block by its libvips name; null if absent.</summary>
    internal static byte[]? Blob(Image image, string name) =>
        image.Contains(name) && image.Get(name) is byte[] { Length: > 0 } bytes ? bytes : null;

    private static ExifBlock? Exif(byte[]? block)
    {
        // JPEG's marker segment, and some files of other formats, start with a name.
        bool named = block.AsSpan().StartsWith("Exif\0\0"u8);
        using var stream = new MemoryStream(block is null ? [] : named ? block[6..] : block);
        return ExifBlock.Read(stream);
    }

    private static void AddTexts(ExifBlock exif, PngChunks? png)
    {
        foreach (var (tag, keyword) in new[] { (Description, "Description"), (Artist, "Author"), (Copyright, "Copyright") })
        {
            if (png?.Text(keyword) is { Length: > 0 and <= LongestText } text)
                exif.AddText(tag, text);
        }
    }

    private static (double X, double Y)? PixelsPerInch(Image image)
    {
        const double millimetres = 25.4;
        // libvips reports one pixel per millimeter when the file does not say.
        bool said = image.Xres > 0 && image.Yres > 0 && (image.Xres != 1 || image.Yres != 1);
        return said ? (image.Xres * millimetres, image.Yres * millimetres) : null;
    }
}
