namespace Hypir.Imaging.Jpeg;

/// <summary>
/// The quality of the Independent JPEG Group's scale that a quantization table stands for (libjpeg's <c>jpeg_set_quality</c>): the tables
/// of ITU T.81, annex K, times 5000 / quality percent below 50, and 200 - 2 · quality percent from there on.
/// </summary>
public static class JpegQuality
{
    /// <summary>Best quality.</summary>
    public const int Best = 100;

    /// <summary>The quality whose luma table is the file's, or comes nearest to it by the logarithm of the steps.</summary>
    internal static int Of(JpegHeader header) => Of(header.Components[0].Steps);

    /// <summary>The quality whose luma table this is, or comes nearest to it.</summary>
    /// <param name="steps">64 steps in natural order.</param>
    public static int Of(ReadOnlySpan<ushort> steps)
    {
        (int best, double least) = (Best, double.PositiveInfinity);
        // From above: 1 and all that follows are cut at 255 alike.
        for (int quality = Best; quality >= 1; quality--)
        {
            double difference = 0;
            for (int i = 0; i < steps.Length; i++)
                difference += Math.Abs(Math.Log((double)steps[i] / Step(quality, i)));
            if (difference < least)
                (best, least) = (quality, difference);
        }

        return best;
    }

    /// <summary>A step of the luma table, 1 to 255.</summary>
    /// <param name="quality">1 to 100.</param>
    /// <param name="index">The coefficient, in natural order.</param>
    public static int Step(int quality, int index)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        return Math.Clamp((Luma[index] * percent + 50) / 100, 1, 255);
    }

    /// <summary>The 64 steps of table K.1 at quality 50, as the standard prints them: row = vertical frequency.</summary>
    public static ReadOnlySpan<byte> Luma =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];
}
