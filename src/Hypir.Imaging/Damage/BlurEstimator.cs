namespace Hypir.Imaging.Damage;

/// <summary>
/// Estimates a Gaussian blur: at sharp edges, gradients fall more than at soft ones when the image is blurred once more. For a step that
/// was blurred by σ, the ratio is √(1 + σ₀² / σ²) (Zhuo and Sim, "Defocus map estimation from a single image", 2011).
/// </summary>
internal static class BlurEstimator
{
    /// <summary>The second blur, σ₀, and one against noise, in pixels.</summary>
    private const double Second = 1, AgainstNoise = 0.6;

    /// <summary>The noise from which it is smoothed first: gradients of noise are sharp.</summary>
    private const double MuchNoise = 1.5;

    /// <summary>
    /// The share of pixels with the largest gradients, and the least gradient of an edge: 8 levels, and 2 for each of noise.
    /// </summary>
    private const double Edges = 0.01, LeastGradient = 8, LeastPerNoise = 2;

    /// <summary>Which of the edges' ratios is taken.</summary>
    private const double Rank = 0.6;

    /// <summary>What sharp photos have: lenses, sensors and interpolation.</summary>
    private const double OfSharpPhotos = 0.49;

    private const int Margin = 8, FewestEdges = 40;

    /// <summary>Blurs beyond this are not told apart.</summary>
    private const double Most = 3;

    /// <summary>Estimates the blur.</summary>
    /// <param name="windows">Windows of the image.</param>
    /// <param name="noise">The standard deviation of its noise.</param>
    /// <returns>Sigma in pixels, beyond what sharp photos have: 0 to 3.</returns>
    public static double Of(IReadOnlyList<LumaWindow> windows, double noise)
    {
        double first = noise > MuchNoise ? AgainstNoise : 0;
        var edges = new List<(float Gradient, float Ratio)>();
        foreach (LumaWindow window in windows)
        {
            float[] sharp = first == 0 ? window.Samples : Smoothing.Gaussian(window.Samples, window.Width, window.Height, first);
            Add(sharp, Smoothing.Gaussian(sharp, window.Width, window.Height, Second), window.Width, window.Height, edges);
        }

        if (edges.Count == 0)
            return 0;
        float strong = Quantiles.Of([.. edges.Select(edge => edge.Gradient)], 1 - Edges);
        double least = Math.Max(strong, LeastGradient + LeastPerNoise * noise);
        float[] ratios = [.. edges.Where(edge => edge.Gradient >= least).Select(edge => edge.Ratio)];
        if (ratios.Length < FewestEdges)
            return 0;
        double ratio = Quantiles.Of(ratios, Rank);
        double squared = ratio > 1 ? Second * Second / (ratio * ratio - 1) : Most * Most;
        return Math.Min(Most, Math.Sqrt(Math.Max(0, squared - first * first - OfSharpPhotos * OfSharpPhotos)));
    }

    private static void Add(float[] sharp, float[] soft, int width, int height, List<(float Gradient, float Ratio)> edges)
    {
        for (int y = Margin; y < height - Margin; y++)
        {
            for (int x = Margin; x < width - Margin; x++)
            {
                float gradient = Gradient(sharp, y * width + x, width);
                edges.Add((gradient, gradient / Math.Max(Gradient(soft, y * width + x, width), 1e-6f)));
            }
        }
    }

    private static float Gradient(float[] samples, int i, int width)
    {
        float across = samples[i + 1] - samples[i - 1], down = samples[i + width] - samples[i - width];
        return MathF.Sqrt(across * across + down * down) / 2;
    }
}
