using Hypir.Training.Degradation;

namespace Hypir.Training.Photos;

/// <summary>Noise as cameras make it.</summary>
internal static class PhotoNoise
{
    // A camera's variance is sigma² (this + slope · brightness): sigma² at middle gray, a quarter of it in the dark.
    private const float DarkVariance = 0.25f, Slope = 1.5f;

    // Mean variances of what bilinear interpolation leaves of noise of variance 1: a quarter of the sites of red and blue is measured, half
    // lies between two, a quarter between four; of green, one half is measured and the other lies between four.
    private const float RedBlueVariance = (1 + 2 * 0.5f + 0.25f) / 4, GreenVariance = (1 + 0.25f) / 2;

    /// <summary>Adds noise.</summary>
    /// <param name="samples">R, G, B, row after row, of 255 levels; they are changed.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="plan">The noise.</param>
    public static void Add(float[] samples, int width, int height, PhotoNoisePlan plan)
    {
        var random = new NormalRandom(plan.Seed);
        float[] field = plan.Kind == PhotoNoiseKind.Demosaiced && !plan.Gray
            ? Demosaiced(random, width, height)
            : Independent(random, samples.Length, plan.Gray);
        float sigma = (float)plan.Sigma;
        for (int i = 0; i < samples.Length; i++)
        {
            float scale = plan.Kind == PhotoNoiseKind.Camera
                ? sigma * MathF.Sqrt(DarkVariance + Slope * Math.Clamp(samples[i] / 255, 0, 1))
                : sigma;
            samples[i] += scale * field[i];
        }
    }

    private static float[] Independent(NormalRandom random, int count, bool gray)
    {
        var field = new float[count];
        for (int i = 0; i < count; i += 3)
        {
            field[i] = random.Next();
            field[i + 1] = gray ? field[i] : random.Next();
            field[i + 2] = gray ? field[i] : random.Next();
        }
        return field;
    }

    /// <summary>One number for each site of a Bayer pattern (RGGB), interpolated; the variance of each channel is 1 in the mean.</summary>
    private static float[] Demosaiced(NormalRandom random, int width, int height)
    {
        var sites = new float[(width + 2) * (height + 2)];
        for (int i = 0; i < sites.Length; i++)
            sites[i] = random.Next();
        var field = new float[width * height * 3];
        float redBlue = 1 / MathF.Sqrt(RedBlueVariance), green = 1 / MathF.Sqrt(GreenVariance);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y + 1) * (width + 2) + x + 1, to = (y * width + x) * 3;
                field[to] = redBlue * Between(sites, at, width + 2, x % 2 == 1, y % 2 == 1);
                field[to + 1] = green * ((x + y) % 2 == 1 ? sites[at] : Around(sites, at, width + 2));
                field[to + 2] = redBlue * Between(sites, at, width + 2, x % 2 == 0, y % 2 == 0);
            }
        }
        return field;
    }

    /// <summary>The value at a place whose column or row, or both, lie between measured ones.</summary>
    private static float Between(float[] sites, int at, int stride, bool column, bool row) => (column, row) switch
    {
        (false, false) => sites[at],
        (true, false) => (sites[at - 1] + sites[at + 1]) / 2,
        (false, true) => (sites[at - stride] + sites[at + stride]) / 2,
        _ => (sites[at - stride - 1] + sites[at - stride + 1] + sites[at + stride - 1] + sites[at + stride + 1]) / 4,
    };

    private static float Around(float[] sites, int at, int stride) =>
        (sites[at - 1] + sites[at + 1] + sites[at - stride] + sites[at + stride]) / 4;

    /// <summary>Standard normal numbers by the method of Box and Muller (1958).</summary>
    private sealed class NormalRandom(long seed)
    {
        private readonly SeededRandom _random = new(seed);
        private float? _other;

        public float Next()
        {
            if (_other is { } kept)
            {
                _other = null;
                return kept;
            }
            double radius = Math.Sqrt(-2 * Math.Log(1 - _random.Unit())), angle = 2 * Math.PI * _random.Unit();
            _other = (float)(radius * Math.Sin(angle));
            return (float)(radius * Math.Cos(angle));
        }
    }
}
