using Hypir.Imaging.Jpeg;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Results that are moved to what their JPEG file allows.</summary>
[TestClass]
public sealed class JpegProjectionTests
{
    [TestMethod]
    [DataRow(40, true, false, 64, 48)]
    [DataRow(75, true, false, 64, 48)]
    [DataRow(75, false, false, 64, 48)]
    [DataRow(90, true, false, 64, 48)]
    [DataRow(60, false, true, 64, 48)]
    [DataRow(85, false, true, 61, 35)]
    [DataRow(75, false, false, 61, 35)]
    [DataRow(75, true, false, 61, 35)]
    public void A_projected_result_compresses_to_the_same_file(int quality, bool halved, bool gray, int width, int height)
    {
        using var folder = new TemporaryFolder();
        var file = JpegSample.Write(folder, JpegSample.Scene(width, height, 1, gray), quality, halved, gray);
        RasterImage result = JpegSample.Smoothed(file.Image);
        int before = Different(folder, file, result, quality, halved, gray);
        JpegConflict left = JpegProjection.Apply(file.Coefficients, result.Rgb, width, height);
        int after = Different(folder, file, result, quality, halved, gray);
        Assert.IsGreaterThan(20, before, "Smoothing left nothing to project.");
        // Up to quality 90, nearly all steps are wide enough for levels that are whole numbers; one in a hundred that differed is not.
        Assert.IsLessThanOrEqualTo(before / 100, after);
        Assert.IsLessThanOrEqualTo(before / 100, left.Coefficients);
    }

    [TestMethod]
    [DataRow(50, false)]
    [DataRow(90, false)]
    [DataRow(98, false)]
    [DataRow(75, true)]
    public void The_decoded_image_itself_stays(int quality, bool gray)
    {
        using var folder = new TemporaryFolder();
        var file = JpegSample.Write(folder, JpegSample.Scene(80, 48, 2, gray), quality, halved: false, gray);
        byte[] rgb = [.. file.Image.Rgb];
        JpegProjection.Apply(file.Coefficients, rgb, 80, 48);
        // Rounding alone moves a coefficient by 0.35 (deviation): beyond an interval only where steps are 1 or 2, as at quality 98. There,
        // one in four pixels moves by a level.
        Assert.IsLessThanOrEqualTo(2, rgb.Zip(file.Image.Rgb, (a, b) => Math.Abs(a - b)).Max());
        Assert.IsLessThan(quality == 98 ? 0.25 : 0.1, rgb.Zip(file.Image.Rgb, (a, b) => Math.Abs(a - b)).Average());
    }

    /// <summary>
    /// A projection onto a convex set that has the original in it never moves away from the original; rounding costs next to nothing. (It
    /// is one in luma and chroma, not in R, G and B.)
    /// </summary>
    [TestMethod]
    [DataRow(40)]
    [DataRow(85)]
    public void A_projected_result_is_closer_to_the_original(int quality)
    {
        using var folder = new TemporaryFolder();
        for (int seed = 10; seed < 13; seed++)
        {
            RasterImage original = JpegSample.Scene(96, 64, seed, gray: false);
            var file = JpegSample.Write(folder, original, quality, halved: true, gray: false);
            RasterImage result = JpegSample.Smoothed(file.Image);
            double before = JpegSample.Distance(original, result);
            JpegProjection.Apply(file.Coefficients, result.Rgb, 96, 64);
            Assert.IsLessThan(before, JpegSample.Distance(original, result), $"Scene {seed}.");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void It_agrees_with_plain_arithmetic_in_float64(bool halved)
    {
        using var folder = new TemporaryFolder();
        var file = JpegSample.Write(folder, JpegSample.Scene(48, 32, 3, gray: false), 50, halved, gray: false);
        RasterImage result = JpegSample.Smoothed(file.Image);
        double[] expected = PlainProjection.Of(file.Coefficients, result);
        byte[] before = [.. result.Rgb];
        JpegProjection.Apply(file.Coefficients, result.Rgb, 48, 32);
        double[] errors = [.. result.Rgb.Select((value, i) => Math.Abs(value - Math.Clamp(expected[i], 0, 255)))];
        double moved = before.Select((value, i) => Math.Abs(value - expected[i])).Average();
        // Half a level of rounding, and Y, Cb and Cr rounded before the transform (0.35 levels, times 1.8 in blue).
        Assert.IsLessThan(2.0, errors.Max());
        Assert.IsLessThan(0.45, errors.Average());
        Assert.IsGreaterThan(0.5, moved);
    }

    [TestMethod]
    public void Orientation_and_cuts_lead_to_the_same_pixels()
    {
        using var folder = new TemporaryFolder();
        RasterImage scene = JpegSample.Scene(48, 32, 4, gray: false);
        byte[]? first = null;
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            var file = JpegSample.Write(folder, scene, 70, halved: true, gray: false, orientation);
            RasterImage result = JpegSample.Smoothed(file.Image);
            JpegProjection.Apply(file.Coefficients, result.Rgb, result.Width, result.Height);
            var stored = new byte[result.Rgb.Length];
            var grid = new PixelGrid(file.Coefficients, result.Width, result.Height);
            for (int pixel = 0; pixel < stored.Length / 3; pixel++)
                result.Rgb.AsSpan(3 * grid.IndexOf(pixel % 48, pixel / 48), 3).CopyTo(stored.AsSpan(3 * pixel));
            first ??= stored;
            CollectionAssert.AreEqual(first, stored, $"Orientation {orientation}");
            // The cut begins in the middle of units: those that it has as a whole are as without it.
            RasterImage part = JpegSample.Smoothed(file.Image).Cut(3, 5, result.Width - 3, result.Height - 5);
            JpegProjection.Apply(file.Coefficients.Cut(3, 5), part.Rgb, part.Width, part.Height);
            CollectionAssert.AreEqual(result.Cut(16, 16, 8, 8).Rgb, part.Cut(13, 11, 8, 8).Rgb, $"Orientation {orientation}");
        }
    }

    [TestMethod]
    [DataRow("jpeg-420.jpg", true)]
    [DataRow("jpeg-444.jpg", true)]
    [DataRow("jpeg-grey.jpg", true)]
    [DataRow("jpeg-progressive.jpg", true)]
    [DataRow("jpeg-turned-6.jpg", true)]
    [DataRow("jpeg-cmyk.jpg", false)]
    [DataRow("icc-p3.jpg", false)]
    [DataRow("png-rgb8.png", false)]
    public void Files_that_cannot_confine_their_image_are_passed_over(string name, bool read)
    {
        RasterImage image = ImageFile.Load(Fixtures.Path(name));
        var found = JpegCoefficients.Read(Fixtures.Path(name), image);
        Assert.AreEqual(read, found is not null);
        if (found is not null)
            Assert.IsLessThan(0.05, JpegProjection.Measure(found, image.Rgb, image.Width, image.Height).Excess);
    }

    [TestMethod]
    public void Restart_markers_and_progressive_scans_change_nothing()
    {
        using var folder = new TemporaryFolder();
        RasterImage scene = JpegSample.Scene(64, 40, 5, gray: false);
        var plain = JpegSample.Write(folder, scene, 80, halved: true, gray: false);
        JpegSample[] others =
        [
            JpegSample.Write(folder, scene, 80, halved: true, gray: false, restartInterval: 3),
            JpegSample.Write(folder, scene, 80, halved: true, gray: false, progressive: true),
        ];
        foreach (JpegSample other in others)
            Assert.AreEqual(0, JpegSample.Different(plain.Coefficients, other.Coefficients));
    }

    [TestMethod]
    public void Coefficients_of_another_image_are_refused()
    {
        using var folder = new TemporaryFolder();
        var file = JpegSample.Write(folder, JpegSample.Scene(64, 48, 6, gray: false), 90, halved: false, gray: false);
        RasterImage other = file.Image.WithColors(JpegSample.Scene(64, 48, 7, gray: false).Rgb);
        Assert.IsNotNull(JpegCoefficients.Read(file.Path, file.Image));
        Assert.IsNull(JpegCoefficients.Read(file.Path, other));
    }

    [TestMethod]
    public void Damaged_files_are_passed_over_without_harm()
    {
        using var folder = new TemporaryFolder();
        RasterImage image = ImageFile.Load(Fixtures.Path("jpeg-420.jpg"));
        byte[][] files = [.. new[] { "jpeg-420.jpg", "jpeg-progressive.jpg" }.Select(name => File.ReadAllBytes(Fixtures.Path(name)))];
        string path = folder.File("damaged.jpg");
        int read = 0;
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllBytes(path, Mutation.Of(files[i % 2], new Random(i)));
            read += JpegCoefficients.Read(path, image) is null ? 0 : 1;
            JpegCoefficients.BytesOf(path);
        }

        Assert.IsGreaterThan(0, read);
        Assert.IsLessThan(300, read);
    }

    [TestMethod]
    public void A_header_that_asks_for_too_much_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        byte[] file = File.ReadAllBytes(Fixtures.Path("jpeg-420.jpg"));
        int frame = file.AsSpan().IndexOf<byte>([0xff, 0xc0]);
        file.AsSpan(frame + 5, 4).Fill(0xff);
        File.WriteAllBytes(folder.File("large.jpg"), file);
        Assert.AreEqual(0, JpegCoefficients.BytesOf(folder.File("large.jpg")));
        Assert.IsGreaterThan(0, JpegCoefficients.BytesOf(Fixtures.Path("jpeg-420.jpg")));
        RasterImage image = ImageFile.Load(Fixtures.Path("jpeg-420.jpg"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsNull(JpegCoefficients.Read(folder.File("large.jpg"), image));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void The_quality_of_a_file_is_exact()
    {
        using var folder = new TemporaryFolder();
        RasterImage scene = JpegSample.Scene(16, 16, 8, gray: false);
        foreach (int quality in new[] { 5, 20, 49, 50, 51, 75, 88, 92, 95, 99, 100 })
            Assert.AreEqual(quality, JpegSample.Write(folder, scene, quality, halved: false, gray: false).Coefficients.Quality);
    }

    private static int Different(TemporaryFolder folder, JpegSample file, RasterImage result, int quality, bool halved, bool gray) =>
        JpegSample.Different(file.Coefficients, JpegSample.Write(folder, result, quality, halved, gray).Coefficients);
}
