namespace Hypir.Imaging.Damage;

/// <summary>
/// A map of where a restored image departs from what its input supports (docs/departure-map.md). Detail of the result is supported where
/// the result agrees with the input, and where it departs, no more than by removing the input's noise.
/// </summary>
public static class DepartureMap
{
    /// <summary>Values of the map per level: 255 stands for 16 levels and more.</summary>
    public const int PerLevel = 16;

    /// <summary>The reach of detail, and that of a departure, in pixels (standard deviations of Gaussian weights).</summary>
    private const double OfDetail = 1, OfDeparture = 4;

    /// <summary>The squared gain of the Laplacian for white noise: 16 and four times 1.</summary>
    private const float Gain = 20;

    /// <summary>At most this share of a squared departure is explained by noise: its estimate is uncertain too.</summary>
    private const float MostExplained = 0.75f;

    /// <summary>Rows that are computed at a time.</summary>
    private const int Band = 256;

    /// <summary>Makes a map.</summary>
    /// <param name="reference">The input, scaled to the result's size without a model.</param>
    /// <param name="result">The result.</param>
    /// <param name="other">The result with another seed; null for models without noise.</param>
    /// <param name="noise">Standard deviation of noise in the input's luma (<see cref="DamageEstimate.Noise"/>).</param>
    /// <returns>One byte per pixel: <see cref="PerLevel"/> times the departure in levels of 8 bits.</returns>
    /// <exception cref="ArgumentException">The images differ in size.</exception>
    public static ImageMask Of(RasterImage reference, RasterImage result, RasterImage? other, double noise)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(result);
        if ((reference.Width, reference.Height) != (result.Width, result.Height)
            || (other is not null && (other.Width, other.Height) != (result.Width, result.Height)))
            throw new ArgumentException("The images must have the same size.", nameof(reference));
        var shares = new byte[result.Width * result.Height];
        int margin = Smoothing.Reach(OfDeparture);
        for (int top = 0; top < result.Height; top += Band)
        {
            int first = Math.Max(0, top - margin), end = Math.Min(result.Height, top + Band + margin);
            float[] levels = Levels(reference, result, other, noise, first, end);
            int rows = Math.Min(Band, result.Height - top);
            for (int i = 0; i < rows * result.Width; i++)
                shares[top * result.Width + i] =
                    (byte)Math.Min(255, MathF.Round(PerLevel * levels[(top - first) * result.Width + i]));
        }

        return new(result.Width, result.Height, shares);
    }

    /// <summary>The departure of some rows, in levels.</summary>
    private static float[] Levels(RasterImage reference, RasterImage result, RasterImage? other, double noise, int first, int end)
    {
        int width = result.Width, height = end - first;
        float[] before = Rows(reference, first, end), after = Rows(result, first, end);
        float[] detail = Smoothing.Gaussian(Squared(Laplacian(after, width, height)), width, height, OfDetail);
        float[] departure = Smoothing.Gaussian(SquaredDifference(before, after), width, height, OfDeparture);
        float[]? seeds = other is null ? null
            : Smoothing.Gaussian(SquaredDifference(Rows(other, first, end), after), width, height, OfDetail);
        float explained = (float)(noise * noise);
        var levels = new float[detail.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            float left = departure[i] - Math.Min(explained, MostExplained * departure[i]), energy = detail[i] / Gain;
            // The cube root of a mean square by two thirds and another by one.
            float square = MathF.Cbrt(energy * energy * left);
            // Two seeds differ by twice the variance of one.
            levels[i] = MathF.Sqrt(square + (seeds is null ? 0 : seeds[i] / 2));
        }

        return levels;
    }

    private static float[] Rows(RasterImage image, int first, int end)
    {
        var luma = new float[(end - first) * image.Width];
        Luma.Read(image, (long)first * image.Width, luma);
        return luma;
    }

    /// <summary>Four times a sample less its neighbors; at the border, samples repeat.</summary>
    private static float[] Laplacian(float[] samples, int width, int height)
    {
        var result = new float[samples.Length];
        for (int y = 0; y < height; y++)
        {
            int row = y * width, above = Math.Max(y - 1, 0) * width, below = Math.Min(y + 1, height - 1) * width;
            for (int x = 0; x < width; x++)
                result[row + x] = 4 * samples[row + x] - samples[above + x] - samples[below + x]
                    - samples[row + Math.Max(x - 1, 0)] - samples[row + Math.Min(x + 1, width - 1)];
        }

        return result;
    }

    private static float[] Squared(float[] samples)
    {
        for (int i = 0; i < samples.Length; i++)
            samples[i] *= samples[i];
        return samples;
    }

    private static float[] SquaredDifference(float[] one, float[] two)
    {
        for (int i = 0; i < one.Length; i++)
            one[i] = (one[i] - two[i]) * (one[i] - two[i]);
        return one;
    }
}
