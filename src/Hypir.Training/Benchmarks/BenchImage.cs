


using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;

namespace Hypir.Training.Benchmarks;

/// <summary>A picture with what photographs have: ramps, edges, texture and grain, so that coders and counters work as hard on it.</summary>
internal static class BenchImage
{
    /// <summary>Makes one.</summary>
    public static RgbImage Make(int width, int height)
    {
        var random = new SeededRandom(1);
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % width, y = i / 3 / width;
            double value = 60 + 90.0 * x / width + 40 * Math.Sin(y / 23.0 + i % 3) + 25 * Math.Sin(x * y / 900.0) + (Math.Abs(x - width / 2) < y / 3 ? 50 : 0);
            pixels[i] = (byte)Math.Clamp(value + random.Uniform(-6, 6), 0, 255);
        }
        return new(width, height, pixels);
    }
}
