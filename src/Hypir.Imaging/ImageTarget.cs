using System.Globalization;
using Hypir.Core.Files;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Vips;

namespace Hypir.Imaging;

/// <summary>Finds obstacles to writing a result before it is computed.</summary>
public static class ImageTarget
{
    /// <summary>Upper bound of any format's compression ratio: that of deflate, and of a flat JPEG.</summary>
    private const int MostCompression = 1100;

    /// <summary>Checks that the format can hold an image and the disk has room for it, as far as that is known beforehand.</summary>
    /// <param name="path">The target; its extension selects the format.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="alpha">Whether it has transparency.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <exception cref="UsageException">The format, or a single buffer, cannot hold so many pixels.</exception>
    /// <exception cref="OutputException">The disk is too full.</exception>
    public static void Check(string path, int width, int height, bool alpha, int bitsPerSample)
    {
        var format = ImageFormats.ForWriting(path);
        try
        {
            FormatAbilities.Of(format).CheckSize(path, width, height);
        }
        catch (ImageException failure)
        {
            throw new UsageException(failure.Message, failure.Remedy);
        }

        long samples = (long)width * height * (alpha ? 4 : 3), bytes = samples * (bitsPerSample / 8);
        if (3L * width * height * (bitsPerSample / 8) > Array.MaxLength)
        {
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{path}: a result of {width}x{height} pixels does not fit one buffer of 2 GiB."),
                "Enlarge less, or cut the image into pieces."
            );
        }

        long least = format == ImageFormat.Bmp ? samples : bytes / MostCompression;
        if (DiskRoom.Free(path) is { } free && free <= least)
        {
            throw new OutputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: the disk is full: {free / 1e6:0.0} MB are free, and the result takes at least {least / 1e6:0.0} MB."),
                "Free some space, or choose another --output."
            );
        }
    }
}

/// <summary>A reduced image for display: a JPEG file in memory, with transparency on white.</summary>
/// <param name="Jpeg">The file.</param>
/// <param name="Width">Its pixels in a row.</param>
/// <param name="Height">Its rows.</param>
public sealed record Preview(byte[] Jpeg, int Width, int Height)
{
    private const int Quality = 85;

    /// <summary>Makes a preview of the middle of an image, pixel by pixel.</summary>
    /// <param name="image">The image.</param>
    /// <param name="share">The part of its width and height to show, 0 … 1.</param>
    public static Preview OfMiddle(RasterImage image, (double Width, double Height) share)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = Part(image.Width, share.Width), height = Part(image.Height, share.Height);
        return Of(image.Cut((image.Width - width) / 2, (image.Height - height) / 2, width, height), Math.Max(width, height));

        static int Part(int whole, double share) => Math.Clamp((int)Math.Round(whole * share), 1, whole);
    }

    /// <summary>Makes a preview of an image.</summary>
    /// <param name="image">The image; one smaller than requested keeps its size.</param>
    /// <param name="longestSide">The maximum length of the longer side in pixels, at least 1.</param>
    public static Preview Of(RasterImage image, int longestSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestSide, 1);
        VipsLibrary.Prepare();
        return VipsGuard.Run(() => Make(image, longestSide));
    }

    private static Preview Make(RasterImage image, int longestSide)
    {
        using var chain = new ImageChain(VipsWriter.Wrap(image.Rgb, image, bands: 3));
        if (image.Alpha is not null)
        {
            using var alpha = VipsWriter.Wrap(image.Alpha, image, bands: 1);
            VipsWriter.OverWhite(chain, alpha, image.BitsPerSample);
        }

        if (image.BitsPerSample == 16)
            VipsWriter.ToEightBits(chain);
        if (Math.Max(image.Width, image.Height) > longestSide)
            chain.Then(image => image.ThumbnailImage(longestSide, height: longestSide, size: NetVips.Enums.Size.Down));
        return new(
            chain.Current.JpegsaveBuffer(q: Quality, keep: NetVips.Enums.ForeignKeep.None), chain.Current.Width, chain.Current.Height);
    }
}
