using System.Runtime.InteropServices;

namespace Hypir.Imaging.Color;

/// <summary>Images without color: networks that were trained on color images add a trace of it.</summary>
public static class Neutral
{
    // Luma of ITU-R BT.709, in ten-thousandths.
    private const int Red = 2126, Green = 7152, Blue = 722, Whole = 10_000;

    /// <summary>Whether each pixel of an image is a shade of gray.</summary>
    /// <param name="image">The image.</param>
    public static bool Holds(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.BitsPerSample == 8 ? Holds<byte>(image.Rgb) : Holds<ushort>(MemoryMarshal.Cast<byte, ushort>(image.Rgb));
    }

    /// <summary>Replaces each pixel of interleaved R, G, B samples by the gray of its luma; shades of gray stay as they are.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    public static void Apply(Span<byte> samples, int bitsPerSample)
    {
        if (bitsPerSample == 8)
        {
            for (int i = 0; i < samples.Length; i += 3)
                samples.Slice(i, 3).Fill((byte)Luma(samples[i], samples[i + 1], samples[i + 2]));
            return;
        }

        var wide = MemoryMarshal.Cast<byte, ushort>(samples);
        for (int i = 0; i < wide.Length; i += 3)
            wide.Slice(i, 3).Fill((ushort)Luma(wide[i], wide[i + 1], wide[i + 2]));
    }

    private static int Luma(int red, int green, int blue) => (red * Red + green * Green + blue * Blue + Whole / 2) / Whole;

    private static bool Holds<T>(ReadOnlySpan<T> samples) where T : unmanaged, IEquatable<T>
    {
        for (int i = 0; i < samples.Length; i += 3)
        {
            if (!samples[i].Equals(samples[i + 1]) || !samples[i].Equals(samples[i + 2]))
                return false;
        }

        return true;
    }
}
