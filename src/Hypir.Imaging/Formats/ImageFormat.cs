using System.Buffers.Binary;

namespace Hypir.Imaging.Formats;

/// <summary>The image file formats that Hypir reads. All but <see cref="Gif"/> are written too.</summary>
public enum ImageFormat
{
    /// <summary>Portable Network Graphics: 8 and 16 bits, alpha, profile.</summary>
    Png,

    /// <summary>JPEG: 8 bits, no alpha.</summary>
    Jpeg,

    /// <summary>WebP: 8 bits, alpha, at most 16,383 pixels per side.</summary>
    WebP,

    /// <summary>Windows bitmap: 8 bits, alpha, no metadata.</summary>
    Bmp,

    /// <summary>GIF: only the first frame is read.</summary>
    Gif,

    /// <summary>TIFF: 8 and 16 bits, alpha, profile; only the first page is read.</summary>
    Tiff,
}

/// <summary>
/// Names, extensions and signatures of the formats. Reading goes by a file's content, writing by its extension.
/// </summary>
public static class ImageFormats
{
    private const int SignatureLength = 32;
    private const string Convert = "Convert it to PNG, JPEG, WebP, TIFF, BMP or GIF.";

    private static readonly Dictionary<string, ImageFormat> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = ImageFormat.Png,
        [".jpg"] = ImageFormat.Jpeg,
        [".jpeg"] = ImageFormat.Jpeg,
        [".jpe"] = ImageFormat.Jpeg,
        [".jfif"] = ImageFormat.Jpeg,
        [".webp"] = ImageFormat.WebP,
        [".bmp"] = ImageFormat.Bmp,
        [".dib"] = ImageFormat.Bmp,
        [".gif"] = ImageFormat.Gif,
        [".tif"] = ImageFormat.Tiff,
        [".tiff"] = ImageFormat.Tiff,
    };

    /// <summary>Unsupported image formats of phones, cameras and painting programs.</summary>
    private static readonly HashSet<string> Unread = new(
        (
            ".heic .heif .hif .avif .jxl .jp2 .j2k .jpx .jxr .wdp .hdp .psd .psb .xcf .kra .tga .exr .hdr .ppm .pgm .pbm .pnm .pcx .dds "
            + ".qoi .dng .cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .raf .rw2 .rwl .orf .pef .ptx .srw .x3f .3fr .fff .iiq .erf .kdc "
            + ".dcr .mos .mef .mrw .raw"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Extensions (with the dot, in lower case) that a folder search matches.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    /// <summary>Whether a path has the extension of a supported image.</summary>
    public static bool HasImageExtension(string path) => ByExtension.ContainsKey(Path.GetExtension(path));

    /// <summary>Whether a path has the extension of an unsupported image format.</summary>
    internal static bool IsUnreadImage(string path) => Unread.Contains(Path.GetExtension(path));

    /// <summary>The format that an extension stands for: "HEIC".</summary>
    internal static string KindOf(string path) => Path.GetExtension(path).TrimStart('.').ToUpperInvariant();

    /// <summary>The format that a path's extension asks for.</summary>
    /// <param name="path">Where an image is to be written.</param>
    /// <exception cref="ImageException">The extension is not one that can be written.</exception>
    public static ImageFormat ForWriting(string path)
    {
        string extension = Path.GetExtension(path);
        if (!ByExtension.TryGetValue(extension, out var format) || format == ImageFormat.Gif)
            throw new ImageException(
                path,
                extension.Length == 0
                    ? "The file name has no extension to show the format."
                    : $"{extension} is not a format that Hypir writes.",
                "Name the file .png, .jpg, .webp, .tif or .bmp."
            );
        return format;
    }

    /// <summary>Detects the format of a file's content.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">The file, at its start; the position is restored.</param>
    /// <exception cref="ImageException">The file is empty or not a supported image.</exception>
    internal static ImageFormat OfContent(string path, Stream file)
    {
        Span<byte> head = stackalloc byte[SignatureLength];
        head = head[..file.ReadAtLeast(head, SignatureLength, throwOnEndOfStream: false)];
        file.Position = 0;
        if (head.IsEmpty)
            throw new ImageException(path, "The file is empty.", "Get it again from its source.");
        if (Recognise(head) is { } format)
            return format;
        throw OtherFormats.IsCameraRaw(head)
            ? CameraRaw(path)
            : new ImageException(path, $"This is {OtherFormats.Name(head)}, not a supported image.", Convert);
    }

    /// <summary>The error for a camera raw file.</summary>
    internal static ImageException CameraRaw(string path) =>
        new(
            path, "This is a camera raw file, which is not supported.",
            "Develop it in a raw converter, and restore the TIFF or PNG file that this writes.");

    /// <summary>The error for an intact file of a supported format in an unsupported variant.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variant">The variant, such as "JPEG with 12 bits per sample".</param>
    /// <param name="remedy">What to do next; null for the advice to convert the file.</param>
    /// <param name="inner">The underlying exception.</param>
    internal static ImageException NotSupported(string path, string variant, string? remedy = null, Exception? inner = null) =>
        new(
            path, variant + " is not supported.",
            remedy ?? "Open it in another program and save it again as PNG or TIFF with 8 or 16 bits per sample.", inner);

    private static ImageFormat? Recognise(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => ImageFormat.Png,
            [0xff, 0xd8, 0xff, ..] => ImageFormat.Jpeg,
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
            // Two letters are a weak signature, so the header size that follows must be a known one.
            [(byte)'B', (byte)'M', ..]
                when head.Length >= 18
                    && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124 =>
                ImageFormat.Bmp,
            _ => null,
        };
}

/// <summary>What a format can store.</summary>
internal sealed record FormatAbilities
{
    /// <summary>The display name.</summary>
    internal required string Name { get; init; }

    /// <summary>The largest number of pixels per side.</summary>
    internal int MaxSide { get; init; } = int.MaxValue;

    /// <summary>Whether it stores 16-bit samples.</summary>
    internal bool Depth16 { get; init; }

    /// <summary>Whether it stores alpha.</summary>
    internal bool Alpha { get; init; } = true;

    /// <summary>Whether it stores one gray sample per pixel.</summary>
    internal bool Gray { get; init; }

    /// <summary>Whether it stores EXIF and XMP.</summary>
    internal bool ExifAndXmp { get; init; } = true;

    /// <summary>Whether it stores IPTC records.</summary>
    internal bool Iptc { get; init; }

    /// <summary>
    /// Channel counts (1 gray, 3 RGB, 4 CMYK) that can be stored with a profile of their own; empty if profiles are not stored.
    /// </summary>
    internal IReadOnlyCollection<int> ProfileChannels { get; init; } = [];

    /// <summary>The abilities of a format.</summary>
    internal static FormatAbilities Of(ImageFormat format) => format switch
    {
        ImageFormat.Png => new() { Name = "PNG", Gray = true, Depth16 = true, ProfileChannels = [1, 3] },
        ImageFormat.Jpeg => new() { Name = "JPEG", Gray = true, MaxSide = 65_500, Alpha = false, Iptc = true, ProfileChannels = [1, 3, 4] },
        ImageFormat.WebP => new() { Name = "WebP", MaxSide = 16_383, ProfileChannels = [3] },
        ImageFormat.Bmp => new() { Name = "BMP", ExifAndXmp = false },
        ImageFormat.Tiff => new() { Name = "TIFF", Gray = true, Depth16 = true, Iptc = true, ProfileChannels = [1, 3, 4] },
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Throws if the format cannot store an image of this size.</summary>
    /// <param name="path">The target, for the message.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ImageException">A side is longer than the format allows.</exception>
    internal void CheckSize(string path, int width, int height)
    {
        if (Math.Max(width, height) > MaxSide)
            throw new ImageException(
                path, $"{Name} allows at most {MaxSide:N0} pixels per side; the image has {width}x{height}.", "Write it as PNG or TIFF.");
    }

    /// <summary>Describes what an image loses in this format, one sentence each.</summary>
    internal IEnumerable<string> Losses(RasterImage image)
    {
        if (image.Alpha is not null && !Alpha)
            yield return $"{Name} cannot store transparency: the image was placed on white.";
        if (image.BitsPerSample == 16 && !Depth16)
            yield return $"{Name} stores 8 bits per sample: the image's 16 bits were rounded.";
        string[] dropped =
        [
            .. ExifAndXmp || image.Metadata.Exif is null ? [] : new[] { "EXIF (date, camera, copyright)" },
            .. ExifAndXmp || image.Metadata.Xmp is null ? [] : new[] { "XMP" },
            .. Iptc || image.Metadata.Iptc is null ? [] : new[] { "IPTC" },
        ];
        if (dropped.Length > 0)
            yield return $"{Name} cannot store {string.Join(", ", dropped)}: not kept.";
    }
}
