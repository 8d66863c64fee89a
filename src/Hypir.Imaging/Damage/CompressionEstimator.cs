using Hypir.Imaging.Jpeg;

namespace Hypir.Imaging.Damage;

/// <summary>
/// Finds the quality with which an image was last compressed as JPEG, from its pixels alone: coefficients of the luma are then near
/// multiples of the quantization steps (Fan and de Queiroz, "Identification of bitmap compression history", 2003). The grid of blocks is
/// that of the image's upper left corner.
/// </summary>
internal static class CompressionEstimator
{
    private const int Worst = 10, BestSeen = 94, FewestSamples = 30, MostBlocks = 4096;

    /// <summary>Below this mean cosine of the distances to multiples, an image counts as not compressed.</summary>
    private const double LeastScore = 0.55;

    /// <summary>
    /// Smaller steps than this vanish in the rounding to 8 bits; smaller coefficients than this share of a step say nothing.
    /// </summary>
    private const double LeastStep = 2, LeastShare = 0.75;

    // A few coefficients of low frequency, where an image has enough that are not zero.
    private static readonly int[] Positions = [1, 8, 9, 2, 16, 10, 17, 18, 3, 24];

    /// <summary>Estimates the quality.</summary>
    /// <returns>10 to 94 on libjpeg's scale; null if no compression shows.</returns>
    public static int? QualityOf(LumaBlocks blocks)
    {
        int every = (blocks.Coefficients.Count + MostBlocks - 1) / MostBlocks;
        float[][] some = [.. blocks.Coefficients.Where((_, i) => i % every == 0)];
        (int best, double highest) = (0, LeastScore);
        for (int quality = Worst; quality <= BestSeen; quality++)
        {
            if (Score(some, quality) is var score && score > highest)
                (best, highest) = (quality, score);
        }

        return best == 0 ? null : best;
    }

    private static double Score(float[][] blocks, int quality)
    {
        (double sum, int count) = (0, 0);
        foreach (int position in Positions)
        {
            double step = JpegQuality.Step(quality, position), part = 0;
            if (step < LeastStep)
                continue;
            int here = 0;
            foreach (float[] block in blocks)
            {
                if (Math.Abs(block[position]) <= LeastShare * step)
                    continue;
                part += Math.Cos(2 * Math.PI * block[position] / step);
                here++;
            }

            if (here >= FewestSamples)
                (sum, count) = (sum + part, count + here);
        }

        // Few coefficients prove little.
        return sum / Math.Max(count, 200);
    }
}
