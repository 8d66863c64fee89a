using Hypir.Imaging.Jpeg;

namespace Hypir.Imaging.Damage;

/// <summary>
/// Estimates the standard deviation of noise in the luma. Without compression: the response to Immerkær's filter, which lines and planes
/// do not excite ("Fast noise variance estimation", 1996), in the flattest blocks. JPEG removes most of it; then the share of high
/// coefficients that survive their quantization steps, in the flattest blocks, tells how strong the noise was.
/// </summary>
internal static class NoiseEstimator
{
    private const int Block = 8;

    /// <summary>The share of blocks that count as flat.</summary>
    private const double Flat = 0.1;

    /// <summary>The tenth part of blocks of 8x8 with the least response has this share of white noise's deviation (simulated).</summary>
    private const double OfFlattest = 0.794;

    /// <summary>The filter's gain for white noise.</summary>
    private const double Gain = 6;

    private const double Black = 8, White = 247;

    /// <summary>Fewer surviving coefficients than this share are not taken for noise; more say nothing about its strength.</summary>
    private const double FewestKept = 0.006, MostKept = 0.95;

    /// <summary>Which of the deviations that the coefficients tell is taken.</summary>
    private const double Rank = 0.6;

    private static readonly int[] High = [.. Enumerable.Range(0, BlockTransform.Size).Where(i => i / Block + i % Block is >= 4 and <= 9)];

    private static readonly int[] Low = [1, 8, 9, 2, 16];

    /// <summary>Estimates noise from the pixels.</summary>
    /// <returns>The standard deviation, where white is 255 above black.</returns>
    public static double Of(IReadOnlyList<LumaWindow> windows)
    {
        var deviations = new List<double>();
        foreach (LumaWindow window in windows)
            Add(window, deviations);
        return deviations.Count == 0 ? 0 : Quantiles.Of([.. deviations], Flat) / OfFlattest;
    }

    /// <summary>Estimates the noise that was there before the compression.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="quality">The quality of the compression.</param>
    public static double BeforeCompression(LumaBlocks blocks, int quality)
    {
        float[][] usual = [.. blocks.Coefficients.Where(block => block[0] / Block + 128 is > 12 and < 243)];
        if (usual.Length == 0)
            return 0;
        double[] activity = [.. usual.Select(block => (double)Low.Sum(i => Math.Abs(block[i])))];
        double most = Quantiles.Of([.. activity], Flat);
        float[][] flat = [.. usual.Where((_, i) => activity[i] <= most)];
        return Quantiles.Of([.. High.Select(i => Told(flat, i, JpegQuality.Step(quality, i)))], Rank);
    }

    private static double Told(float[][] blocks, int position, double step)
    {
        double kept = (double)blocks.Count(block => Math.Abs(block[position]) > step / 2) / blocks.Length;
        // P(|n| > step / 2) of normal n.
        return kept < FewestKept ? 0 : step / 2 / Deviate(Math.Min(kept, MostKept) / 2);
    }

    /// <summary>
    /// What a standard normal number exceeds with a probability of at most 1/2, to 4.5e-4 (Abramowitz and Stegun, 26.2.23).
    /// </summary>
    private static double Deviate(double probability)
    {
        double t = Math.Sqrt(-2 * Math.Log(probability));
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }

    private static void Add(LumaWindow window, List<double> deviations)
    {
        float[] s = window.Samples;
        int width = window.Width;
        for (int top = 1; top + Block < window.Height; top += Block)
        {
            for (int left = 1; left + Block < width; left += Block)
            {
                (double sum, double mean) = (0, 0);
                for (int y = top; y < top + Block; y++)
                {
                    for (int x = left; x < left + Block; x++)
                    {
                        int i = y * width + x;
                        double response = s[i - width - 1] - 2 * s[i - width] + s[i - width + 1]
                            - 2 * (s[i - 1] - 2 * s[i] + s[i + 1])
                            + s[i + width - 1] - 2 * s[i + width] + s[i + width + 1];
                        (sum, mean) = (sum + response * response, mean + s[i]);
                    }
                }

                // Where samples are cut at black or white, noise is too.
                if (mean / (Block * Block) is > Black and < White)
                    deviations.Add(Math.Sqrt(sum / (Block * Block)) / Gain);
            }
        }
    }
}
