using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Metadata;
using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>Writes PNG, JPEG, WebP and TIFF with libvips, directly from an image's buffers.</summary>
internal static class VipsWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="settings">Quality.</param>
    /// <param name="profile">The profile to convert the colors to; null for sRGB.</param>
    /// <param name="notes">Receives a sentence for anything that could not be kept.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="VipsException">The library failed to write.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static void Write(
        RasterImage image, ImageFormat format, string path, SaveSettings settings, IccProfile? profile, List<string> notes,
        CancellationToken cancellation)
    {
        var abilities = FormatAbilities.Of(format);
        using var chain = new ImageChain(Wrap(image.Rgb, image, bands: 3));
        using var alpha = image.Alpha is null ? null : Wrap(image.Alpha, image, bands: 1);
        // With a profile of its own a gray image becomes gray by that profile.
        bool gray = profile is null && abilities.Gray && image.Metadata.Gray && Neutral.Holds(image);
        if (alpha is not null && !abilities.Alpha)
            OverWhite(chain, alpha, image.BitsPerSample);
        if (profile is not null && !ColorConversion.IsSrgb(profile))
        {
            chain.Then(image => ColorConversion.FromSrgb(image, profile));
            if (image.Metadata.OwnColors is { } own)
                chain.Then(image => own.AddTo(image, profile));
        }
        if (gray)
            ToGray(chain, image.BitsPerSample);
        if (alpha is not null && abilities.Alpha)
            chain.Then(image => image.Bandjoin(alpha));
        if (image.BitsPerSample == 16 && !abilities.Depth16)
            ToEightBits(chain);
        byte[] colors = profile?.Data ?? (gray ? ColorConversion.GrayProfile() : ColorConversion.SrgbProfile());
        var exif = MetadataWriter.Attach(chain, image.Metadata, format, colors, srgb: profile is null, notes);
        cancellation.ThrowIfCancellationRequested();
        chain.Current.SetProgress(new Progress<int>(), cancellation);
        try
        {
            Save(chain.Current, format, path, settings, settings.WebPLossless ?? image.Metadata.LosslessWebP);
        }
        catch (VipsException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        if (format == ImageFormat.Tiff)
            TiffExif.Add(path, exif, image.Metadata.Iptc);
        if (image.Metadata.PixelsPerInch is null)
            UnknownResolution.Mark(path, format);
    }

    /// <summary>Wraps samples as a libvips image without copying them.</summary>
    internal static Image Wrap(byte[] samples, RasterImage image, int bands)
    {
        var (format, color, gray) = image.BitsPerSample == 16
            ? (Enums.BandFormat.Ushort, Enums.Interpretation.Rgb16, Enums.Interpretation.Grey16)
            : (Enums.BandFormat.Uchar, Enums.Interpretation.Srgb, Enums.Interpretation.Bw);
        using var plain = Image.NewFromMemory(samples, image.Width, image.Height, bands, format);
        return plain.Copy(interpretation: bands == 3 ? color : gray);
    }

    /// <summary>Composites colors with alpha onto white.</summary>
    internal static void OverWhite(ImageChain chain, Image alpha, int bitsPerSample)
    {
        double white = bitsPerSample == 16 ? ushort.MaxValue : byte.MaxValue;
        chain.Then(image => image.Bandjoin(alpha));
        chain.Then(image => image.Flatten(background: [white, white, white], maxAlpha: white));
    }

    /// <summary>Keeps one of three equal bands.</summary>
    private static void ToGray(ImageChain chain, int bitsPerSample)
    {
        chain.Then(image => image.ExtractBand(0));
        chain.Then(image => image.Copy(interpretation: bitsPerSample == 16 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw));
    }

    /// <summary>Rounds 16 bits to 8.</summary>
    internal static void ToEightBits(ImageChain chain)
    {
        // 65535 = 257 * 255; the cast truncates.
        chain.Then(image => image.Linear([1 / 257.0], [0.5]));
        chain.Then(image => image.Cast(Enums.BandFormat.Uchar));
        chain.Then(image => image.Copy(interpretation: image.Interpretation switch
        {
            Enums.Interpretation.Grey16 => Enums.Interpretation.Bw,
            Enums.Interpretation.Cmyk => Enums.Interpretation.Cmyk,
            _ => Enums.Interpretation.Srgb,
        }));
    }

    private static void Save(Image image, ImageFormat format, string path, SaveSettings settings, bool lossless)
    {
        switch (format)
        {
            case ImageFormat.Png:
                image.Pngsave(path, compression: settings.Compression, filter: Enums.ForeignPngFilter.All);
                break;
            case ImageFormat.Jpeg:
                // No optimized tables: they need the coefficients of the whole image in memory.
                image.Jpegsave(path, q: settings.JpegQuality, optimizeCoding: false);
                break;
            case ImageFormat.WebP:
                image.Webpsave(path, q: settings.WebPQuality, lossless: lossless, exact: lossless, smartSubsample: true);
                break;
            case ImageFormat.Tiff:
                image.Tiffsave(
                    path, compression: Enums.ForeignTiffCompression.Deflate, level: settings.Compression,
                    predictor: Enums.ForeignTiffPredictor.Horizontal);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }
}
