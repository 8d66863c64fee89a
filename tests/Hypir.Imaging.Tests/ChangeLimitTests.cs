using System.Runtime.InteropServices;
using Hypir.Imaging.Damage;

namespace Hypir.Imaging.Tests;

/// <summary>Results are kept to what the damage explains.</summary>
[TestClass]
public sealed class ChangeLimitTests
{
    private const int Width = 37, Height = 29, Reach = 3;

    // 1 / (0.299² + 0.587² + 0.114²), the variance of noise in each color over that in the luma.
    private const double OfColors = 1 / 0.446966;

    [TestMethod]
    [DataRow(8, 0.0)]
    [DataRow(16, 0.0)]
    [DataRow(8, 0.45)]
    [DataRow(16, 0.45)]
    public void It_is_what_its_formula_says(int bits, double blur)
    {
        var random = new Random(3);
        int[] image = Values(random, 90, 40), result = Values(random, 100, 40);
        int scale = bits == 16 ? 257 : 1;
        byte[] samples = Bytes(result, bits);
        ChangeLimit.Apply(new RasterImage(Width, Height, bits, Bytes(image, bits)), samples, new(4, blur, null));
        int[] actual = bits == 16
            ? [.. MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()).ToArray().Select(value => (int)value)]
            : [.. samples.Select(value => (int)value)];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                double detail = Mean(x, y, (u, v) => Detail(image, u, v));
                double allowed = 0.25 + OfColors * 16 + 64 * Square(Math.Max(0, blur * blur - 0.16)) * detail;
                double difference = Mean(
                    x, y, (u, v) => Enumerable.Range(0, 3).Average(c => Square(At(result, u, v, c) - At(image, u, v, c))));
                double share = Math.Min(1, Math.Sqrt(allowed / difference));
                for (int c = 0; c < 3; c++)
                {
                    double expected = scale * (At(image, x, y, c) + share * (At(result, x, y, c) - At(image, x, y, c)));
                    Assert.AreEqual(expected, actual[3 * (y * Width + x) + c], 0.51);
                }
            }
        }
    }

    /// <summary>What took only the noise away stays as it is; what took a texture with it gives most of that back.</summary>
    [TestMethod]
    public void Noise_may_go_and_texture_may_not()
    {
        var random = new Random(5);
        // Noise of two values: its energy is the same everywhere.
        int[] noise = [.. Enumerable.Range(0, 3 * Width * Height).Select(_ => random.Next(2) * 8 - 4)];
        int[] flat = [.. Enumerable.Repeat(120, noise.Length)];
        int[] checks = [.. Enumerable.Range(0, noise.Length).Select(i => 120 + ((i / 3 % Width + i / 3 / Width) % 2 * 40 - 20))];
        var damage = new DamageEstimate(4 / Math.Sqrt(OfColors), 0, null);

        byte[] clean = Bytes(flat, 8);
        ChangeLimit.Apply(Image(flat.Zip(noise, (a, b) => a + b)), clean, damage);
        Assert.IsTrue(clean.All(value => value == 120));

        byte[] gray = Bytes(flat, 8);
        ChangeLimit.Apply(Image(checks.Zip(noise, (a, b) => a + b)), gray, damage);
        double contrast = Enumerable.Range(0, gray.Length).Average(i => (gray[i] - 120.0) * Math.Sign(checks[i] - 120));
        Assert.IsInRange(14, 18, contrast);
    }

    [TestMethod]
    public void An_undamaged_image_hardly_changes()
    {
        var random = new Random(7);
        int[] image = Values(random, 90, 60), result = Values(random, 90, 60);
        byte[] samples = Bytes(result, 8);
        ChangeLimit.Apply(Image(image), samples, new(0, 0, null));
        Assert.IsLessThan(0.7, Math.Sqrt(samples.Zip(image, (a, b) => Square(a - b)).Average()));
    }

    private static RasterImage Image(IEnumerable<int> values) => new(Width, Height, 8, Bytes([.. values], 8));

    private static int[] Values(Random random, int from, int range) =>
        [.. Enumerable.Range(0, 3 * Width * Height).Select(_ => random.Next(from, from + range))];

    private static byte[] Bytes(int[] values, int bits) => bits == 8
        ? [.. values.Select(value => (byte)value)]
        : MemoryMarshal.AsBytes(values.Select(value => (ushort)(257 * value)).ToArray().AsSpan()).ToArray();

    private static double At(int[] values, int x, int y, int c) =>
        values[3 * (Math.Clamp(y, 0, Height - 1) * Width + Math.Clamp(x, 0, Width - 1)) + c];

    private static double Luma(int[] values, int x, int y) =>
        0.299 * At(values, x, y, 0) + 0.587 * At(values, x, y, 1) + 0.114 * At(values, x, y, 2);

    private static double Detail(int[] values, int x, int y) => Square(0.5 * (Luma(values, x - 1, y) + Luma(values, x + 1, y)
        + Luma(values, x, y - 1) + Luma(values, x, y + 1) - 4 * Luma(values, x, y)));

    private static double Mean(int x, int y, Func<int, int, double> of) => (
        from v in Enumerable.Range(y - Reach, 2 * Reach + 1)
        where v is >= 0 and < Height
        from u in Enumerable.Range(x - Reach, 2 * Reach + 1)
        where u is >= 0 and < Width
        select of(u, v)).Average();

    private static double Square(double value) => value * value;
}
