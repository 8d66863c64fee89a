namespace Hypir.Imaging.Formats;

/// <summary>
/// Decides which TIFF files are accepted. Files that libvips would decode wrongly, or reject with a misleading error about damage, are
/// refused here by their headers.
/// </summary>
internal static class TiffRules
{
    /// <summary>The largest number of samples per pixel: each one costs decoder memory.</summary>
    internal const int MostSamples = 32;

    // Limit on the bytes of a strip or row of tiles beyond the size of the image itself.
    private const double MostBlockBytes = 512 << 20;

    private static readonly Dictionary<long, string> Compressions = new()
    {
        [TiffLayout.OldJpeg] = "old-style JPEG compression",
        [9] = "JBIG compression",
        [10] = "JBIG compression",
        [32766] = "NeXT compression",
        [32809] = "ThunderScan compression",
        [32908] = "Pixar compression",
        [32909] = "Pixar compression",
        [33003] = "JPEG 2000 compression",
        [33004] = "JPEG 2000 compression",
        [33005] = "JPEG 2000 compression",
        [34661] = "JBIG compression",
        [34676] = "SGI compression",
        [34677] = "SGI compression",
        [34712] = "JPEG 2000 compression",
        [34887] = "LERC compression",
        [34925] = "LZMA compression",
        [50000] = "Zstandard compression",
        [50001] = "WebP compression",
        [50002] = "JPEG XL compression",
    };

    // Uncompressed, CCITT (three kinds plus word-aligned rows), LZW, JPEG, Deflate (two numbers), PackBits.
    private static readonly HashSet<long> Supported = [1, 2, 3, 4, 32771, 5, TiffLayout.Jpeg, 8, 32946, 32773];

    /// <summary>The number of color samples.</summary>
    internal static int Colors(TiffLayout page) => page.Photometric switch
    {
        TiffLayout.Rgb or TiffLayout.YCbCr => 3,
        TiffLayout.Separated => 4,
        -1 when page.Samples > 2 => 3,
        _ => 1,
    };

    /// <summary>Throws if a page is not supported.</summary>
    /// <exception cref="ImageException">The page is not supported, or its header is damaged.</exception>
    internal static void Check(string path, TiffLayout page)
    {
        ImageLimits.CheckNotEmpty(path, page.Width, page.Height);
        if (Unsupported(page) is { } what)
            throw ImageFormats.NotSupported(
                path, "TIFF with " + what,
                "Save it again as TIFF with 8 or 16 bits per sample, as RGB, gray or CMYK, compressed with LZW or not at all.");
        if (Damage(page) is { } why)
            throw new ImageException(
                path, "The header is damaged: " + why, "Get it again from its source, or open it in another program and save it again.");
    }

    private static string? Unsupported(TiffLayout page)
    {
        string place =
            page is { Planar: true, Tiled: true } ? " in tiles and separate planes"
            : page.Tiled ? " in tiles"
            : page.Planar ? " in separate planes"
            : "";
        if (!Supported.Contains(page.Compression))
            return Compressions.GetValueOrDefault(page.Compression, $"compression scheme {page.Compression}") + place;
        return UnsupportedColors(page) ?? UnsupportedSamples(page) ?? UnsupportedPlace(page, place);
    }

    private static string? UnsupportedColors(TiffLayout page) => page.Photometric switch
    {
        TiffLayout.WhiteIsZero or TiffLayout.BlackIsZero or TiffLayout.Rgb or TiffLayout.Palette => null,
        TiffLayout.YCbCr => UnsupportedYCbCr(page),
        TiffLayout.Separated => page.InkSet == 1 ? null : "inks other than cyan, magenta, yellow and black",
        4 => "a transparency mask as its only page",
        8 or 9 or 10 => "Lab colors",
        32844 or 32845 => "LogLuv colors",
        -1 => null,
        var other => $"photometric interpretation {other}",
    };

    private static string? UnsupportedYCbCr(TiffLayout page) =>
        page.Bits.Any(bits => bits != 8) ? "YCbCr colors of other than 8 bits"
        : page.Planar ? "YCbCr colors in separate planes"
        : page.Samples == 3 || (page.Compression != TiffLayout.Jpeg && page.Subsampling == (1, 1)) ? null
        : "YCbCr colors and a further sample";

    private static string? UnsupportedSamples(TiffLayout page)
    {
        long bits = page.Bits[0];
        if (page.SampleFormats.Any(format => format is not (1 or 4)))
            return page.SampleFormats[0] switch
            {
                2 => $"signed samples of {bits} bits",
                3 => $"floating-point samples of {bits} bits",
                _ => "complex samples",
            };
        if (page.Bits.Any(other => other != bits))
            return "samples of different sizes";
        if (page.Samples > MostSamples)
            return $"{page.Samples:N0} samples per pixel (at most {MostSamples} are read)";
        if (bits is 1 or 2 or 4 && page.Samples == 1 && page.Compression != TiffLayout.Jpeg)
            return null;
        if (bits is not (8 or 16) || (bits == 16 && (page.Photometric == TiffLayout.Palette || page.Compression == TiffLayout.Jpeg)))
            return $"{bits} bits per sample"
                + (
                    page.Photometric == TiffLayout.Palette ? " and a palette"
                    : page.Samples > 1 ? $" and {page.Samples} samples per pixel"
                    : ""
                );
        return page.Photometric == TiffLayout.Palette && page.Samples > 1 ? "a palette and further samples" : null;
    }

    private static string? UnsupportedPlace(TiffLayout page, string place) => page switch
    {
        { Planar: true, Samples: 1 } or { Planar: false } => null,
        { Tiled: true } => "samples" + place,
        { Photometric: TiffLayout.WhiteIsZero or TiffLayout.BlackIsZero } => "gray and further samples" + place,
        _ => null,
    };

    private static string? Damage(TiffLayout page)
    {
        if (page.Samples < Colors(page))
            return $"it says {page.Samples} samples per pixel, and its colors need {Colors(page)}.";
        if (page.BlockWidth < 1 || page.BlockHeight < 1)
            return $"it says tiles or strips of {page.BlockWidth}x{page.BlockHeight} pixels.";
        double image = (double)page.Width * page.Height * page.Samples * page.SampleBytes;
        return page.BlockRowBytes > MostBlockBytes + image
            ? $"it says tiles of {page.BlockWidth}x{page.BlockHeight} pixels for an image of {page.Width}x{page.Height}."
            : null;
    }
}
