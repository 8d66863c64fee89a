using Hypir.Imaging.Damage;
using Hypir.Imaging.Vips;
using Hypir.Testing;
using NetVips;

namespace Hypir.Imaging.Tests;

/// <summary>Known damage is found again.</summary>
[TestClass]
public sealed class DamageEstimateTests
{
    /// <summary>Standard deviation of the luma of noise that is independent in red, green and blue.</summary>
    private static readonly double OfLuma = Math.Sqrt(0.299 * 0.299 + 0.587 * 0.587 + 0.114 * 0.114);

    private static readonly Lazy<RasterImage> Scene =
        new(() => ImageFile.Load(Path.Combine(Repository.Root, "examples", "still-life", "clean.png")));

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(0, 0, 0, "no damage")]
    [DataRow(1.2, 0, 0, "strong blur")]
    [DataRow(0, 6, 0, "some noise")]
    [DataRow(0, 20, 0, "strong noise")]
    [DataRow(0, 0, 40, "strong compression")]
    [DataRow(0, 0, 88, "light compression")]
    [DataRow(1, 0, 70, "some blur, compression")]
    [DataRow(0, 12, 65, "some noise, compression")]
    public void Known_damage_is_found(double blur, double noise, int quality, string words)
    {
        DamageEstimate found = DamageEstimate.Of(Damaged(Scene.Value, blur, noise, quality, seed: 1));
        TestContext.WriteLine($"{found}: {found.Words}");
        Assert.AreEqual(noise * OfLuma, found.Noise, 2);
        // The rendering is a little softer than sharp photos, which shows where nothing else blurs it.
        Assert.AreEqual(blur, found.Blur, blur == 0 ? 0.4 : 0.2);
        Assert.AreEqual(quality == 0 ? null : quality, found.Quality);
        Assert.AreEqual(words, found.Words);
    }

    /// <summary>16 bits are the same levels with a finer rounding; an image smaller than a window is one.</summary>
    [TestMethod]
    public void Depth_and_size_do_not_matter()
    {
        RasterImage image = Damaged(Scene.Value, 0, 10, 0, seed: 2).Cut(200, 100, 120, 100);
        var words = new ushort[image.Rgb.Length];
        for (int i = 0; i < words.Length; i++)
            words[i] = (ushort)(257 * image.Rgb[i]);
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
        var deep = new RasterImage(image.Width, image.Height, 16, bytes);
        Assert.AreEqual(DamageEstimate.Of(image).Noise, DamageEstimate.Of(deep).Noise, 1e-3);
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (7, 9), (16, 16), (300, 3)])
            Assert.AreEqual("no damage", DamageEstimate.Of(new(width, height, 8, new byte[3 * width * height])).Words);
    }

    /// <summary>The medians that docs/damage.md gives. HYPIR_DAMAGE_PHOTOS names a folder of sharp photos.</summary>
    [TestMethod]
    public void Errors_over_many_photos()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_DAMAGE_PHOTOS") is not { Length: > 0 } folder)
        {
            Assert.Inconclusive("HYPIR_DAMAGE_PHOTOS does not name a folder of photos.");
            return;
        }

        var random = new Random(5);
        RasterImage[] photos = [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal)
            .Where((_, i) => i % 12 == 0).Select(path => ImageFile.Load(path))];
        foreach ((string kind, bool blurs, bool adds, bool compresses) in ((string, bool, bool, bool)[])
        [
            ("none", false, false, false), ("blur", true, false, false), ("noise", false, true, false), ("JPEG", false, false, true),
            ("blur, JPEG", true, false, true), ("noise, JPEG", false, true, true), ("all", true, true, true),
        ])
        {
            List<double> noises = [], softness = [], qualities = [];
            foreach (RasterImage photo in photos)
            {
                double blur = blurs ? 0.4 + 1.3 * random.NextDouble() : 0, noise = adds ? 2 + 20 * random.NextDouble() : 0;
                int quality = compresses ? random.Next(30, 95) : 0;
                DamageEstimate found = DamageEstimate.Of(Damaged(photo, blur, noise, quality, random.Next()));
                noises.Add(Math.Abs(found.Noise - noise * OfLuma));
                softness.Add(Math.Abs(found.Blur - blur));
                if (compresses)
                    qualities.Add(Math.Abs((found.Quality ?? 100) - quality));
            }

            TestContext.WriteLine($"| {kind} | {Row(noises)} | {Row(softness)} | {(compresses ? Row(qualities) : "")} |");
            Assert.IsLessThan(1.5, Median(noises), kind);
            Assert.IsLessThan(0.25, Median(softness), kind);
            if (compresses)
                Assert.IsLessThan(8, Median(qualities), kind);
        }

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
        static string Row(List<double> values) =>
            FormattableString.Invariant($"{Median(values):0.00}, {values.Order().ElementAt(values.Count * 9 / 10):0.00}");
    }

    private static RasterImage Damaged(RasterImage image, double blur, double noise, int quality, int seed)
    {
        VipsLibrary.Prepare();
        using var plain = NetVips.Image.NewFromMemory(image.Rgb, image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        using var real = plain.Cast(Enums.BandFormat.Float);
        using var soft = blur == 0 ? real.Copy() : real.Gaussblur(blur, minAmpl: 0.001, precision: Enums.Precision.Float);
        float[] samples = soft.WriteToMemory<float>();
        var random = new Random(seed);
        var bytes = new byte[samples.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            bytes[i] = (byte)Math.Clamp(Math.Round(samples[i] + noise * normal), 0, 255);
        }

        if (quality == 0)
            return new(image.Width, image.Height, 8, bytes);
        using var raw = NetVips.Image.NewFromMemory(bytes, image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        using var stored = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using var decoded = NetVips.Image.NewFromBuffer(stored.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.On));
        return new(image.Width, image.Height, 8, decoded.WriteToMemory<byte>());
    }
}
