
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Images that are read in many pieces: wider than a piece, higher than a strip.</summary>
[TestClass]
public sealed class LargeImageTests
{
    private static readonly SaveSettings Fast = new() { Compression = 1, WebPLossless = true };

    [TestMethod]
    [DataRow("out.png", 31_000, 7, 8, true)]
    [DataRow("out.tif", 3, 30_011, 8, false)]
    [DataRow("out.png", 1531, 1201, 16, true)]
    [DataRow("out.tif", 1531, 1201, 16, false)]
    [DataRow("out.bmp", 1531, 1201, 8, true)]
    [DataRow("out.webp", 1531, 601, 8, true)]
    public void Every_sample_is_in_its_place(string target, int width, int height, int bits, bool transparent)
    {
        using var folder = new TemporaryFolder();
        var image = Noise(width, height, bits, transparent);
        ImageFile.Save(image, folder.File(target), Fast);
        var again = ImageFile.Load(folder.File(target));
        Assert.AreEqual((width, height, bits), (again.Width, again.Height, again.BitsPerSample));
        Assert.IsTrue(image.Rgb.AsSpan().SequenceEqual(again.Rgb));
        Assert.IsTrue(image.Alpha.AsSpan().SequenceEqual(again.Alpha));
    }

    [TestMethod]
    [DataRow("icc-p3-16.png", 16, 40)]
    [DataRow("icc-adobe8.png", 8, 257)]
    public void So_is_every_converted_sample(string profiled, int bits, int tolerance)
    {
        using var folder = new TemporaryFolder();
        var profile = ImageFile.Load(Fixtures.Path(profiled)).Metadata;
        var image = Noise(1531, 1201, bits, transparent: true).With(profile);
        // Of strong colors and shadows, 8 bits of another space lose many levels; in the middle few.
        foreach (ref byte sample in image.Rgb.AsSpan())
            sample = (byte)(96 + sample % 64);
        ImageFile.Save(image, folder.File("out.tif"), Fast with { KeepProfile = true });
        var again = ImageFile.Load(folder.File("out.tif"));
        ushort[] before = Fixtures.Samples(image), after = Fixtures.Samples(again);
        Assert.IsLessThanOrEqualTo(tolerance, before.Zip(after, (b, a) => Math.Abs(b - a)).Max());
    }

    private static RasterImage Noise(int width, int height, int bits, bool transparent)
    {
        var random = new Random(11);
        byte[] rgb = new byte[3 * width * height * bits / 8];
        random.NextBytes(rgb);
        byte[]? alpha = transparent ? new byte[width * height * bits / 8] : null;
        if (alpha is not null)
            random.NextBytes(alpha);
        return new RasterImage(width, height, bits, rgb, alpha);
    }
}
