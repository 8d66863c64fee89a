
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class ColorTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Profiled => Fixtures.With(".lab").Select(name => new object[] { name });

    [TestMethod]
    // Pairs 1, 4, 7, 13, 17 and 25 of Sharma, Wu and Dalal's table.
    [DataRow(50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425)]
    [DataRow(50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0000)]
    [DataRow(50, 0, 0, 50, -1, 2, 2.3669)]
    [DataRow(50, 2.5, 0, 73, 25, -18, 27.1492)]
    [DataRow(60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644)]
    [DataRow(2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082)]
    public void The_measure_is_the_published_one(double l1, double a1, double b1, double l2, double a2, double b2, double expected) =>
        Assert.AreEqual(expected, DeltaE.Of((l1, a1, b1), (l2, a2, b2)), 0.0001);

    [TestMethod]
    [DynamicData(nameof(Profiled))]
    public void A_profiled_file_comes_back_as_sRGB_of_the_same_colors(string name)
    {
        using var folder = new TemporaryFolder();
        ImageFile.Save(ImageFile.Load(Fixtures.Path(name)), folder.File("out.png"));
        var saved = ImageFile.Inspect(folder.File("out.png"));
        Assert.AreEqual(name == "icc-grey8.png" ? "sRGB gray" : "sRGB", saved.ProfileName);
        double worst = Worst(name, ImageFile.Load(folder.File("out.png")));
        TestContext.WriteLine($"{name}: worst CIEDE2000 {worst:f3}");
        Assert.IsLessThanOrEqualTo(Tolerance(name), worst);
    }

    [TestMethod]
    [DataRow("icc-p3-8.png", "out.png", "Test Display P3")]
    [DataRow("icc-p3-16.png", "out.png", "Test Display P3")]
    [DataRow("icc-adobe8.png", "out.webp", "Test AdobeRGB")]
    [DataRow("icc-adobe16.tif", "out.tif", "Test AdobeRGB")]
    [DataRow("icc-grey8.png", "out.png", "Test grey gamma 1.8")]
    [DataRow("icc-table8.tif", "out.tif", "Test RGB table")]
    [DataRow("icc-cmyk8.tif", "out.tif", "Test CMYK")]
    public void The_files_own_profile_is_kept_on_request(string name, string target, string profile)
    {
        using var folder = new TemporaryFolder();
        var image = ImageFile.Load(Fixtures.Path(name));
        var report = ImageFile.Save(image, folder.File(target), new SaveSettings { KeepProfile = true, WebPLossless = true });
        Assert.IsEmpty(report.Notes);
        Assert.AreEqual(profile, ImageFile.Inspect(folder.File(target)).ProfileName);
        double worst = Worst(name, ImageFile.Load(folder.File(target)));
        TestContext.WriteLine($"{name}: worst CIEDE2000 {worst:f3}");
        // There and back in 8 bits rounds twice; a table of 13 or 17 steps is no exact inverse.
        Assert.IsLessThanOrEqualTo(
            name.Contains("cmyk", StringComparison.Ordinal) || name.Contains("table", StringComparison.Ordinal) ? 4 : 1.0, worst);
    }

    [TestMethod]
    [DataRow("icc-cmyk8.tif", "out.png")]
    [DataRow("icc-grey8.png", "out.webp")]
    [DataRow("icc-p3-8.png", "out.bmp")]
    public void A_profile_that_the_format_cannot_hold_is_told(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var report = ImageFile.Save(
            ImageFile.Load(Fixtures.Path(name)), folder.File(target), new SaveSettings { KeepProfile = true, WebPLossless = true });
        Assert.Contains(note => note.Contains("sRGB", StringComparison.Ordinal), report.Notes);
        Assert.IsLessThanOrEqualTo(1.0, Worst(name, ImageFile.Load(folder.File(target))));
    }

    [TestMethod]
    [DataRow("ramp16.png", "out.png")]
    [DataRow("ramp16.png", "out.tif")]
    [DataRow("ramp16-srgb.tif", "out.png")]
    [DataRow("ramp16-srgb.tif", "out.tif")]
    public void Every_value_of_16_bits_is_read_and_written_exactly(string name, string target)
    {
        using var folder = new TemporaryFolder();
        foreach (bool keep in new[] { false, true })
        {
            ImageFile.Save(ImageFile.Load(Fixtures.Path(name)), folder.File(target), new SaveSettings { KeepProfile = keep });
            var image = ImageFile.Load(folder.File(target));
            Assert.AreEqual((256, 256, 16), (image.Width, image.Height, image.BitsPerSample));
            for (int i = 0; i < 65_536; i++)
            {
                var pixel = (
                    BitConverter.ToUInt16(image.Rgb, 6 * i), BitConverter.ToUInt16(image.Rgb, 6 * i + 2),
                    BitConverter.ToUInt16(image.Rgb, 6 * i + 4));
                Assert.AreEqual(((ushort)i, (ushort)(65_535 - i), (ushort)(i ^ 0x8000)), pixel);
            }
        }
    }

    [TestMethod]
    public void A_damaged_profile_is_ignored_and_told()
    {
        using var folder = new TemporaryFolder();
        byte[] file = File.ReadAllBytes(Fixtures.Path("icc-adobe16.tif"));
        int profile = file.AsSpan().IndexOf("acsp"u8) - 36;
        // The tag table's offsets.
        file.AsSpan(profile + 132, 108).Fill(0xee);
        File.WriteAllBytes(folder.File("damaged.tif"), file);
        var image = ImageFile.Load(folder.File("damaged.tif"));
        Assert.Contains(note => note.Contains("profile", StringComparison.Ordinal), image.Metadata.Notes);
        Assert.IsNull(image.Metadata.Profile);
    }

    [TestMethod]
    public void Cmyk_without_a_profile_looks_like_the_image()
    {
        var image = ImageFile.Load(Fixtures.Path("jpeg-cmyk.jpg"));
        Assert.Contains(note => note.Contains("CMYK", StringComparison.Ordinal), image.Metadata.Notes);
        // The same image, in another space: a press is duller, but no negative.
        float[] truth = Fixtures.Lab("icc-p3.jpg");
        double mean = Enumerable.Range(0, truth.Length / 3).Average(i => DeltaE.Of(At(truth, i), At(image, i)));
        Assert.IsLessThan(25.0, mean);
    }

    // Two digits of JPEG are lost before the profile is applied; what is compared is the decoder then, not the colors.
    private static double Tolerance(string name) => name switch
    {
        _ when name.EndsWith(".jpg", StringComparison.Ordinal) => 2.0,
        _ => 0.5,
    };

    private static double Worst(string name, RasterImage image)
    {
        float[] truth = Fixtures.Lab(name);
        Assert.HasCount(3 * image.Width * image.Height, truth);
        return Enumerable.Range(0, truth.Length / 3).Max(i => DeltaE.Of(At(truth, i), At(image, i)));
    }

    private static (double L, double A, double B) At(float[] lab, int pixel) => (lab[3 * pixel], lab[3 * pixel + 1], lab[3 * pixel + 2]);

    private static (double L, double A, double B) At(RasterImage image, int pixel)
    {
        return DeltaE.Lab(Sample(3 * pixel), Sample(3 * pixel + 1), Sample(3 * pixel + 2));

        double Sample(int index) =>
            image.BitsPerSample == 8 ? image.Rgb[index] / 255.0 : BitConverter.ToUInt16(image.Rgb, 2 * index) / 65535.0;
    }
}
