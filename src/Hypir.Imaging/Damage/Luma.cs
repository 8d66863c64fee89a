using System.Runtime.InteropServices;

namespace Hypir.Imaging.Damage;

/// <summary>The luma of pixels (ITU-R BT.601), in levels of 8 bits.</summary>
internal static class Luma
{
    /// <summary>Reads the luma of some pixels.</summary>
    /// <param name="image">The image.</param>
    /// <param name="first">The first pixel, counted row after row.</param>
    /// <param name="samples">Receives 0 (black) to 255 (white) for each pixel.</param>
    public static void Read(RasterImage image, long first, Span<float> samples)
    {
        ReadOnlySpan<byte> bytes = image.Rgb.AsSpan(checked((int)(3 * first * (image.BitsPerSample / 8))));
        if (image.BitsPerSample == 16)
        {
            ReadOnlySpan<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (int i = 0; i < samples.Length; i++)
                samples[i] = Of(words[3 * i], words[3 * i + 1], words[3 * i + 2]) / 257;
        }
        else
        {
            for (int i = 0; i < samples.Length; i++)
                samples[i] = Of(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]);
        }
    }

    private static float Of(float red, float green, float blue) => 0.299f * red + 0.587f * green + 0.114f * blue;
}
