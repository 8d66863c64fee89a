using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Photos;

namespace Hypir.TrainTool.Tests.Photos;

[TestClass]
public sealed class PhotoDamageTests
{
    private const int Size = 64;

    private static readonly PhotoPlan Plain = new() { Crop = new(0, 0, Size, 1, [(0, 0)], 0) };

    [TestMethod]
    public void An_undamaged_crop_is_its_own_target()
    {
        var (damaged, clean) = PhotoDamage.Apply(Plain with { Shift = (3, 5) }, Textured());
        CollectionAssert.AreEqual(clean.Pixels, damaged.Pixels);
        Assert.AreEqual((Size, Size), (clean.Width, clean.Height));
        Assert.AreEqual(Textured().Pixels[((PhotoDamage.Margin + 5) * Textured().Width + PhotoDamage.Margin + 3) * 3], clean.Pixels[0]);
    }

    /// <summary>A file that is compressed again in the same way hardly changes where its blocks lie as before.</summary>
    [TestMethod]
    public void Blocks_of_a_crop_begin_at_its_corner_unless_it_is_shifted()
    {
        var jpeg = new PhotoJpegPlan(50, true, 0, 0);
        double aligned = Change((0, 0)), shifted = Change((3, 5));
        Assert.IsLessThan(shifted / 4, aligned);

        double Change((int, int) shift)
        {
            var (once, _) = PhotoDamage.Apply(Plain with { Jpegs = [jpeg], Shift = shift }, Textured());
            byte[] again = Hypir.Imaging.JpegRoundTrip.Apply(once.Pixels, Size, Size, 50, halved: true);
            return Difference(once.Pixels, again);
        }
    }

    [TestMethod]
    public void Lower_qualities_and_a_second_compression_do_more_damage()
    {
        double[] errors =
        [
            .. new PhotoJpegPlan[][]
            {
                [new(90, false, 0, 0)], [new(60, false, 0, 0)], [new(30, false, 0, 0)], [new(30, false, 3, 2), new(30, false, 0, 0)],
            }.Select(jpegs =>
            {
                var (damaged, clean) = PhotoDamage.Apply(Plain with { Jpegs = jpegs }, Textured());
                return Difference(damaged.Pixels, clean.Pixels);
            }),
        ];
        CollectionAssert.AreEqual(errors.Order().ToArray(), errors);
    }

    [TestMethod]
    [DataRow(PhotoNoiseKind.White, 0.0)]
    [DataRow(PhotoNoiseKind.Camera, 0.0)]
    [DataRow(PhotoNoiseKind.Demosaiced, 0.578)]
    public void Noise_has_its_strength_at_middle_gray_and_its_correlation(PhotoNoiseKind kind, double correlation)
    {
        var gray = new RgbImage(256, 256, [.. Enumerable.Repeat((byte)128, 256 * 256 * 3)]);
        var plan = Plain with { Crop = Plain.Crop with { Size = 224 }, Noise = new(kind, 10, false, 5) };
        byte[] noisy = PhotoDamage.Apply(plan, gray).Damaged.Pixels;
        double[] values = [.. noisy.Select(value => value - 128.0)];
        double variance = values.Average(value => value * value);
        double neighbors = Enumerable.Range(0, values.Length - 3).Average(i => values[i] * values[i + 3]) / variance;
        // 150,000 numbers: the standard deviation is known to 0.5 % even where they are correlated; rounding adds 0.04 %.
        Assert.AreEqual(10, Math.Sqrt(variance), 0.15);
        // Red and blue: (1/2 + 1/4) / 2 of 9/16; green: 1/4 of 5/8.
        Assert.AreEqual(correlation, neighbors, 0.02);
    }

    [TestMethod]
    public void A_cameras_noise_is_weaker_in_the_dark()
    {
        double dark = Strength(20), bright = Strength(200);
        Assert.IsLessThan(0.6 * bright, dark);

        static double Strength(byte level)
        {
            var flat = new RgbImage(96, 96, [.. Enumerable.Repeat(level, 96 * 96 * 3)]);
            var plan = Plain with { Noise = new(PhotoNoiseKind.Camera, 6, false, 5) };
            return PhotoDamage.Apply(plan, flat).Damaged.Pixels.Average(value => Math.Abs(value - level));
        }
    }

    [TestMethod]
    public void A_gray_crop_and_its_noise_stay_without_color()
    {
        var plan = Plain with { Gray = true, Noise = new(PhotoNoiseKind.Demosaiced, 12, false, 5) };
        var (damaged, clean) = PhotoDamage.Apply(plan, Textured());
        foreach (byte[] pixels in new[] { damaged.Pixels, clean.Pixels })
        {
            for (int i = 0; i < pixels.Length; i += 3)
                Assert.IsTrue(pixels[i] == pixels[i + 1] && pixels[i] == pixels[i + 2]);
        }
        Assert.IsGreaterThan(5, Difference(damaged.Pixels, clean.Pixels));
    }

    [TestMethod]
    public void Blur_keeps_what_is_flat_and_softens_the_rest()
    {
        var blur = new KernelSpec { Kind = KernelKind.Aniso, Size = 11, SigmaX = 2, SigmaY = 0.5, Theta = 0.7 };
        var flat = new RgbImage(96, 96, [.. Enumerable.Repeat((byte)77, 96 * 96 * 3)]);
        CollectionAssert.AreEqual(
            PhotoDamage.Apply(Plain, flat).Clean.Pixels, PhotoDamage.Apply(Plain with { Blur = blur }, flat).Damaged.Pixels);
        var (damaged, clean) = PhotoDamage.Apply(Plain with { Blur = blur }, Textured());
        Assert.IsLessThan(Roughness(clean) / 2, Roughness(damaged));
    }

    /// <summary>The eight orientations are different, and the pixels are the same.</summary>
    [TestMethod]
    public void Flips_turn_the_crop()
    {
        var turned = from h in (bool[])[false, true]
                     from v in (bool[])[false, true]
                     from t in (bool[])[false, true]
                     select PhotoDamage.Apply(Plain with { Flips = new(h, v, t) }, Textured()).Clean.Pixels;
        byte[][] all = [.. turned];
        Assert.HasCount(8, all.Select(Convert.ToHexString).Distinct());
        foreach (byte[] pixels in all)
            Assert.AreEqual(all[0].Sum(value => value), pixels.Sum(value => value));
    }

    private static RgbImage Textured()
    {
        var random = new SeededRandom(3);
        int side = PhotoDamage.Window(Size);
        byte[] pixels =
        [
            .. Enumerable.Range(0, side * side * 3).Select(i =>
                (byte)(110 + 70 * Math.Sin(i / 3 % side / 5.0) * Math.Cos(i / 3 / side / 4.0) + random.Whole(-25, 25))),
        ];
        return new(side, side, pixels);
    }

    private static double Difference(byte[] first, byte[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Average();

    private static double Roughness(RgbImage image) =>
        Enumerable.Range(0, image.Pixels.Length - 3).Average(i => Math.Abs(image.Pixels[i + 3] - image.Pixels[i]));
}
