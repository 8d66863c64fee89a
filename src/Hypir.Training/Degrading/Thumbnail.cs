


using Hypir.Imaging;
using Hypir.Training.Data.Crops;

namespace Hypir.Training.Degrading;

/// <summary>Small pictures to be put into a page.</summary>
internal static class Thumbnail
{
    /// <summary>Longer pictures are scaled down to this side; what is smaller keeps its pixels, for it is them that one wants to see.</summary>
    private const int LongestSide = 512;

    /// <summary>A picture as the bytes of a WebP file.</summary>
    public static byte[] Of(RgbImage image)
    {
        double scale = Math.Min(1, (double)LongestSide / Math.Max(image.Width, image.Height));
        var small = scale == 1 ? image : ByteResampler.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)), ResampleFilter.Bicubic);
        string file = Path.Combine(Path.GetTempPath(), $"hypir-{Path.GetRandomFileName()}.webp");
        try
        {
            ImageFile.Save(small.ToPicture(), file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
