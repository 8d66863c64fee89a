

using Hypir.Imaging;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Images for tests.</summary>
internal static class Images
{
    /// <summary>Noise: every value occurs.</summary>
    public static RasterImage Random(int width, int height, int bits, bool alpha = false)
    {
        var random = new Random(width * 31 + height);
        byte[] rgb = new byte[3 * width * height * (bits / 8)];
        random.NextBytes(rgb);
        byte[]? plane = alpha ? new byte[width * height * (bits / 8)] : null;
        if (plane is not null)
            random.NextBytes(plane);
        return new(width, height, bits, rgb, plane);
    }
}
