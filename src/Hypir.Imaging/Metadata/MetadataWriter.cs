using System.Buffers.Binary;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Vips;
using NetVips;

namespace Hypir.Imaging.Metadata;

/// <summary>Attaches metadata to an image before it is written.</summary>
internal static class MetadataWriter
{
    // A JPEG segment holds 65,533 bytes including its name; the library adds some of its own.
    private const int MostInSegment = 65_000;
    private const double Millimetres = 25.4;

    // The library writes some resolution always: UnknownResolution takes this one out again.
    private const double UnknownPixelsPerInch = 72;

    /// <summary>Attaches profile, resolution, EXIF, XMP and IPTC, as far as the library writes them into the format.</summary>
    /// <param name="chain">The image.</param>
    /// <param name="metadata">The metadata.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="profile">The profile of the image's colors.</param>
    /// <param name="srgb">Whether they are sRGB, or gray with sRGB's curve.</param>
    /// <param name="notes">Receives a sentence for anything too large.</param>
    /// <returns>The EXIF block, for <see cref="TiffExif"/>.</returns>
    internal static ExifBlock Attach(
        ImageChain chain, ImageMetadata metadata, ImageFormat format, byte[] profile, bool srgb, List<string> notes)
    {
        var exif = ExifOf(metadata);
        exif.SetColorSpace(srgb);
        var fields = format == ImageFormat.Tiff ? [] : ExifFields(exif, notes);
        bool jpeg = format == ImageFormat.Jpeg;
        byte[]? xmp = metadata.Xmp;
        if (jpeg && xmp?.Length > MostInSegment)
        {
            xmp = null;
            notes.Add("The XMP data is too large for JPEG: not kept.");
        }
        byte[]? iptc = jpeg && metadata.Iptc is not null ? IptcRecords.WrapForJpeg(metadata.Iptc) : null;
        if (jpeg && metadata.Iptc is not null && iptc is null)
            notes.Add("The IPTC data is too large for JPEG: not kept.");
        var (x, y) = metadata.PixelsPerInch ?? (UnknownPixelsPerInch, UnknownPixelsPerInch);
        chain.Then(image => image.Copy(xres: x / Millimetres, yres: y / Millimetres));
        chain.Then(image => image.Mutate(target =>
        {
            target.Set(GValue.GStrType, "resolution-unit", "in");
            SetBytes(target, "icc-profile-data", profile);
            SetBytes(target, "xmp-data", xmp);
            SetBytes(target, "iptc-data", iptc);
            foreach (var (name, value) in fields)
                target.Set(value is byte[]? GValue.BlobType : GValue.GStrType, name, value);
        }));
        return exif;
    }

    private static void SetBytes(MutableImage target, string name, byte[]? bytes)
    {
        if (bytes is not null)
            target.Set(GValue.BlobType, name, bytes);
    }

    private static ExifBlock ExifOf(ImageMetadata metadata)
    {
        using var stream = new MemoryStream(metadata.Exif ?? []);
        return ExifBlock.Read(stream) ?? ExifBlock.Empty();
    }

    // The library writes only EXIF blocks whose entries it has parsed, and it parses them only in files: a one-pixel JPEG carries the block
    // in.
    private static List<(string Name, object Value)> ExifFields(ExifBlock exif, List<string> notes)
    {
        byte[] block = [.. "Exif\0\0"u8, .. exif.ToBytes()];
        if (block.Length > MostInSegment)
        {
            notes.Add("The EXIF data is too large to be kept.");
            return [];
        }
        using var pixel = Image.Black(1, 1);
        byte[] bare = pixel.JpegsaveBuffer(keep: Enums.ForeignKeep.None);
        byte[] segment = [0xff, 0xe1, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(block.Length + 2));
        using var carrier = Image.JpegloadBuffer([.. bare.AsSpan(0, 2), .. segment, .. block, .. bare.AsSpan(2)]);
        return
        [
            .. carrier
                .GetFields()
                .Where(name => name == "exif-data" || name.StartsWith("exif-ifd", StringComparison.Ordinal))
                .Select(name => (name, carrier.Get(name))),
        ];
    }
}
