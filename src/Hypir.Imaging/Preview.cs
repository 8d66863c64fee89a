using Hypir.Imaging.Vips;

namespace Hypir.Imaging;

/// <summary>A picture made small enough to look at: a JPEG file in memory, with transparency on white.</summary>
/// <param name="Jpeg">The file.</param>
/// <param name="Width">Its pixels in a row.</param>
/// <param name="Height">Its rows.</param>
public sealed record Preview(byte[] Jpeg, int Width, int Height)
{
    private const int Quality = 85;

    /// <summary>Makes the preview of a picture.</summary>
    /// <param name="picture">The picture; a smaller one than asked for keeps its size.</param>
    /// <param name="longestSide">Most pixels of its longer side, at least 1.</param>
    public static Preview Of(RasterImage picture, int longestSide)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestSide, 1);
        VipsLibrary.Prepare();
        return VipsGuard.Run(() => Make(picture, longestSide));
    }

    private static Preview Make(RasterImage picture, int longestSide)
    {
        using var chain = new ImageChain(VipsWriter.Wrap(picture.Rgb, picture, bands: 3));
        if (picture.Alpha is not null)
        {
            using var alpha = VipsWriter.Wrap(picture.Alpha, picture, bands: 1);
            VipsWriter.OverWhite(chain, alpha, picture.BitsPerSample);
        }

        if (picture.BitsPerSample == 16)
            VipsWriter.ToEightBits(chain);
        if (Math.Max(picture.Width, picture.Height) > longestSide)
            chain.Then(image => image.ThumbnailImage(longestSide, height: longestSide, size: NetVips.Enums.Size.Down));
        return new(chain.Current.JpegsaveBuffer(q: Quality, keep: NetVips.Enums.ForeignKeep.None), chain.Current.Width, chain.Current.Height);
    }
}
