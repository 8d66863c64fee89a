using System.Buffers.Binary;

namespace Hypir.Imaging.Formats;

/// <summary>
/// Accepts JPEG files with 8 bits per sample and a common process, judged by the frame header (ITU T.81, section B.2.2).
/// </summary>
internal static class JpegRules
{
    /// <summary>Throws if a file's frame is intact but of an unsupported kind, or has no size.</summary>
    /// <returns>Whether decoding buffers the whole image in memory.</returns>
    /// <exception cref="ImageException">The file is not supported.</exception>
    internal static bool Check(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> segment = stackalloc byte[10];
        for (file.Position = 2; NextMarker(file) is { } marker;)
        {
            long at = file.Position;
            if (file.ReadAtLeast(segment, segment.Length, throwOnEndOfStream: false) < segment.Length)
                break;
            if (IsFrame(marker))
            {
                if (Unsupported(marker, precision: segment[2], components: segment[7]) is { } what)
                    throw ImageFormats.NotSupported(path, "JPEG with " + what);
                ImageLimits.CheckNotEmpty(
                    path, BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
                return marker is 0xc2 or 0xca;
            }
            file.Position = at + BinaryPrimitives.ReadUInt16BigEndian(segment);
        }
        // No frame: the decoder reports it.
        return false;
    }

    // DHT, JPG and DAC have numbers within the range of the frames; 0xf7 is JPEG-LS.
    private static bool IsFrame(int marker) => marker is (>= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc)) or 0xf7;

    private static string? Unsupported(int marker, int precision, int components) => marker switch
    {
        0xf7 => "JPEG-LS compression",
        >= 0xc5 and <= 0xc7 or >= 0xcd => "hierarchical coding",
        _ when precision != 8 => $"{precision} bits per sample",
        _ when components is not (1 or 3 or 4) => $"{components} color components",
        _ => null,
    };

    // Skips bytes between segments, as decoders do; fill bytes may precede a marker. Nothing of interest follows the first scan.
    internal static int? NextMarker(FileStream file)
    {
        const int startOfScan = 0xda, endOfImage = 0xd9;
        for (int previous = 0, current; (current = file.ReadByte()) >= 0; previous = current)
        {
            if (previous == 0xff && current is not (0 or 0xff) and not (>= 0xd0 and <= 0xd8) and not 0x01)
                return current is startOfScan or endOfImage ? null : current;
        }
        return null;
    }
}

/// <summary>Limits on what a file may demand, checked against its header before any pixel memory is allocated.</summary>
public sealed record ImageLimits
{
    /// <summary>Pixels of 16384 x 16384.</summary>
    public const long DefaultMaxPixels = 16384L * 16384;

    // CMYK and alpha.
    private const int MostUsualSamples = 5;

    /// <summary>The default limits.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>The most pixels, width times height.</summary>
    public long MaxPixels { get; init; } = DefaultMaxPixels;

    /// <summary>Throws if an image exceeds the limits.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="info">The contents of its header.</param>
    /// <exception cref="ImageException">The size is below 1 or exceeds the limits.</exception>
    internal void Check(string path, ImageInfo info)
    {
        long width = info.Width, height = info.Height;
        CheckNotEmpty(path, width, height);
        // Divide, because the product of two hostile numbers can overflow.
        if (width > MaxPixels / height)
            throw new ImageException(path, $"Its header gives {width}x{height} pixels; the limit is {MaxPixels:N0} pixels.",
                "If that size is right, crop or reduce the image before restoring it.");
        if ((double)width * height * info.Samples > (double)MaxPixels * MostUsualSamples)
            throw new ImageException(
                path,
                $"Its header gives {width}x{height} pixels of {info.Samples} samples; the limit is {MaxPixels:N0} pixels of "
                + $"{MostUsualSamples} samples.",
                "Save it again without the samples that are neither color nor transparency."
            );
        if (3 * width * height * (info.BitsPerSample / 8) > Array.MaxLength)
            throw new ImageException(path, $"{width}x{height} pixels of {info.BitsPerSample} bits do not fit one buffer of 2 GiB.",
                "Crop or reduce the image, or convert it to 8 bits.");
    }

    /// <summary>Throws if an image has no pixels.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="width">Pixels per row, from the header.</param>
    /// <param name="height">Rows, from the header.</param>
    /// <exception cref="ImageException">A side is below 1.</exception>
    internal static void CheckNotEmpty(string path, long width, long height)
    {
        if (width < 1 || height < 1)
            throw new ImageException(
                path, $"Its header gives {width}x{height} pixels.", "The file is damaged; get it again from its source.");
    }
}
