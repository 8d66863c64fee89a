using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>Writes PNG, JPEG, WebP and TIFF by libvips, straight from a picture's buffers.</summary>
internal static class VipsWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="settings">Quality.</param>
    /// <param name="notes">Takes a sentence for each thing that the format cannot hold.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="VipsException">The library could not write.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static void Write(Picture picture, PictureFormat format, string path, SaveSettings settings, List<string> notes, CancellationToken cancellation)
    {
        VipsLibrary.Prepare();
        var abilities = FormatAbilities.Of(format);
        using var full = Wrap(picture);
        using var opaque = picture.Alpha is not null && !abilities.Alpha ? OverWhite(full, picture.BitsPerSample, abilities, notes) : full.Copy();
        using var image = picture.BitsPerSample == 16 && !abilities.Depth16 ? ToEightBits(opaque, abilities, notes) : opaque.Copy();
        cancellation.ThrowIfCancellationRequested();
        image.SetProgress(new Progress<int>(), cancellation);
        try
        {
            Save(image, format, path, settings);
        }
        catch (VipsException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private static Image Wrap(Picture picture)
    {
        var samples = picture.BitsPerSample == 16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar;
        var meaning = picture.BitsPerSample == 16 ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb;
        using var plain = Image.NewFromMemory(picture.Rgb, picture.Width, picture.Height, 3, samples);
        using var rgb = plain.Copy(interpretation: meaning);
        if (picture.Alpha is null)
            return rgb.Copy();
        using var alpha = Image.NewFromMemory(picture.Alpha, picture.Width, picture.Height, 1, samples);
        return rgb.Bandjoin(alpha);
    }

    private static Image OverWhite(Image image, int bitsPerSample, FormatAbilities abilities, List<string> notes)
    {
        notes.Add($"{abilities.Name} holds no transparency: the picture was laid over white.");
        double white = bitsPerSample == 16 ? ushort.MaxValue : byte.MaxValue;
        return image.Flatten(background: [white, white, white], maxAlpha: white);
    }

    private static Image ToEightBits(Image image, FormatAbilities abilities, List<string> notes)
    {
        notes.Add($"{abilities.Name} holds 8 bits a sample: the picture's 16 bits were rounded.");
        // 65535 = 257 * 255, and the cast cuts off.
        using var scaled = image.Linear([1 / 257.0], [0.5]);
        using var cut = scaled.Cast(Enums.BandFormat.Uchar);
        return cut.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static void Save(Image image, PictureFormat format, string path, SaveSettings settings)
    {
        switch (format)
        {
            case PictureFormat.Png:
                image.Pngsave(path, compression: settings.Compression, filter: Enums.ForeignPngFilter.All);
                break;
            case PictureFormat.Jpeg:
                // No optimised tables: they need the coefficients of the whole picture in memory.
                image.Jpegsave(path, q: settings.JpegQuality, optimizeCoding: false);
                break;
            case PictureFormat.WebP:
                image.Webpsave(path, q: settings.WebPQuality, lossless: settings.WebPLossless, exact: settings.WebPLossless, smartSubsample: true);
                break;
            case PictureFormat.Tiff:
                image.Tiffsave(path, compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal, bigtiff: false);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }
}
