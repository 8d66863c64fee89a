using Hypir.Imaging;
using Hypir.Imaging.Jpeg;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Results of JPEG files that are moved to what the files allow.</summary>
[TestClass]
public sealed class JpegStepTests : TensorTest
{
    private static readonly RestoreOptions Cpu = new() { Device = "cpu" };
    private static readonly RestoreOptions Off = Cpu with { JpegConsistent = JpegConsistency.Off };

    [TestMethod]
    public void The_result_of_a_compressed_photo_stays_within_its_file()
    {
        using var restorer = Machine.Load(Machine.Nano, Cpu);
        RasterImage input = Compressed(noise: 0, quality: 75), free = Restore(restorer, input, Off), kept = Restore(restorer, input, Cpu);
        long before = Conflicts(input, free), after = Conflicts(input, kept);
        Assert.IsGreaterThan(100, before);
        Assert.IsLessThanOrEqualTo(before / 50, after);
        Assert.IsNull(kept.Metadata.Jpeg);

        byte[] half = new byte[kept.Rgb.Length];
        StrengthBlend.Blend(input.Rgb, kept.Rgb, half, StrengthBlend.Whole / 2);
        CollectionAssert.AreEqual(half, Restore(restorer, input, Cpu with { Strength = 0.5 }).Rgb);

        var area = new PixelArea(33, 17, 40, 35);
        RasterImage part = Restore(restorer, input, Cpu with { Area = area }), same = kept.Cut(33, 17, 40, 35);
        double Difference(RasterImage other) => part.Rgb.Zip(other.Rgb, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(Difference(free.Cut(33, 17, 40, 35)) / 2, Difference(same));
    }

    /// <summary>A file has the noise of its photo in its coefficients: it must not come back.</summary>
    [TestMethod]
    public void What_undoes_more_than_compression_is_left_alone()
    {
        using var restorer = Machine.Load(Machine.Nano, Cpu);
        RasterImage input = Compressed(noise: 12, quality: 90), free = Restore(restorer, input, Off);
        CollectionAssert.AreEqual(free.Rgb, Restore(restorer, input, Cpu).Rgb);
        RasterImage asked = Restore(restorer, input, Cpu with { JpegConsistent = JpegConsistency.On });
        Assert.IsLessThanOrEqualTo(Conflicts(input, free) / 50, Conflicts(input, asked));
    }

    [TestMethod]
    public void Only_models_that_work_on_the_files_own_pixels_follow_it()
    {
        Assert.IsTrue(Follows(Machine.Nano.ReadFacts(), Cpu));
        Assert.IsFalse(Follows(Machine.Nano.ReadFacts(), Cpu with { Upscale = 2 }));
        Assert.IsFalse(Follows(Machine.Nano.ReadFacts(), Cpu with { Mode = RestoreMode.Reference }));
        Assert.IsFalse(Follows(Machine.Nano.ReadFacts(), Cpu with { Strength = 0 }));
        Assert.IsFalse(Follows(Machine.Nano.ReadFacts(), Off));
        ModelFacts tiny = Machine.Tiny().ReadFacts();
        Assert.IsFalse(Follows(tiny, Cpu));
        Assert.IsTrue(Follows(tiny, Cpu with { JpegConsistent = JpegConsistency.On }));
        RestorePlan with = RestorePlan.Create(64, 64, false, Cpu, Machine.Nano.ReadFacts(), Machine.Facts, jpegBytes: 1 << 20),
            without = RestorePlan.Create(64, 64, false, Off, Machine.Nano.ReadFacts(), Machine.Facts, jpegBytes: 1 << 20);
        Assert.AreEqual(1 << 20, with.PeakMemory - without.PeakMemory);

        static bool Follows(ModelFacts model, RestoreOptions options) =>
            RestorePlan.Create(64, 64, false, options, model, Machine.Facts).FollowsJpeg;
    }

    private static RasterImage Compressed(double noise, int quality)
    {
        using var folder = new TemporaryFolder();
        RasterImage photo = ImageFile.Load(Path.Combine(Repository.Root, "examples", "still-life", "clean.png")).Cut(64, 64, 112, 80);
        var random = new Random(5);
        byte[] rgb = [.. photo.Rgb.Select(value => (byte)Math.Clamp(value + noise * Normal(), 0, 255))];
        string path = folder.File("photo.jpg");
        ImageFile.Save(photo.WithColors(rgb), path, new() { JpegQuality = quality });
        RasterImage decoded = ImageFile.Load(path);
        return decoded.With(decoded.Metadata with { Jpeg = JpegCoefficients.Read(path, decoded) });

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static RasterImage Restore(Restorer restorer, RasterImage input, RestoreOptions options) =>
        restorer.Restore(input, RestorePlan.Create(input.Width, input.Height, false, options, restorer.Facts, Machine.Facts)).Image;

    private static long Conflicts(RasterImage input, RasterImage result) =>
        JpegProjection.Measure(input.Metadata.Jpeg!, result.Rgb, result.Width, result.Height).Coefficients;
}
