using Hypir.Imaging.Jpeg;

namespace Hypir.Imaging.Damage;

/// <summary>
/// What JPEG leaves of white noise. Texture whose high coefficients survive looks like noise that was there before the compression, but
/// such noise would have left its remains everywhere: a test patch of noise is compressed, and the strongest noise whose remains are as
/// weak as those of the image is an upper bound.
/// </summary>
internal static class CompressedNoise
{
    private const int Side = 128, Block = 8, Seed = 1, Bisections = 12;

    private const double Strongest = 60;

    /// <summary>The estimate of what remains varies by this much from image to image.</summary>
    private const double Margin = 1.15;

    private static readonly Lazy<float[]> UnitNoise = new(Drawn);

    /// <summary>The strongest noise before a compression.</summary>
    /// <param name="remains">The noise that the decoded pixels show (<see cref="NoiseEstimator.Of"/>).</param>
    /// <param name="quality">The quality of the compression.</param>
    /// <returns>A standard deviation, where white is 255 above black.</returns>
    public static double Most(double remains, int quality)
    {
        (double least, double most) = (0, Strongest);
        for (int i = 0; i < Bisections; i++)
        {
            double middle = (least + most) / 2;
            (least, most) = Remains(middle, quality) <= Margin * remains ? (middle, most) : (least, middle);
        }

        return most;
    }

    /// <summary>What the decoded pixels show of noise that was compressed.</summary>
    internal static double Remains(double noise, int quality)
    {
        var samples = new float[Side * Side];
        Span<float> block = stackalloc float[BlockTransform.Size];
        for (int i = 0; i < samples.Length; i += BlockTransform.Size)
        {
            for (int j = 0; j < BlockTransform.Size; j++)
            {
                float step = JpegQuality.Step(quality, j);
                block[j] = step * MathF.Round((float)noise * UnitNoise.Value[i + j] / step);
            }

            BlockTransform.Inverse(block, block);
            int left = i / BlockTransform.Size % (Side / Block) * Block, top = i / BlockTransform.Size / (Side / Block) * Block;
            for (int j = 0; j < BlockTransform.Size; j++)
                samples[(top + j / Block) * Side + left + j % Block] = MathF.Round(128 + block[j]);
        }

        return NoiseEstimator.Of([new(Side, Side, samples)]);
    }

    /// <summary>White noise of deviation 1. Its coefficients in the blocks are white noise as well, so it needs no transform.</summary>
    private static float[] Drawn()
    {
        var random = new Random(Seed);
        var noise = new float[Side * Side];
        for (int i = 0; i < noise.Length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            noise[i] = (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return noise;
    }
}
