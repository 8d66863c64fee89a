
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class SaveTests
{
    [TestMethod]
    [DataRow("out.png", "png-rgb8.png")]
    [DataRow("out.png", "png-rgba8.png")]
    [DataRow("out.tif", "png-rgb8.png")]
    [DataRow("out.tiff", "png-rgba8.png")]
    [DataRow("out.bmp", "png-rgb8.png")]
    [DataRow("out.BMP", "png-rgba8.png")]
    [DataRow("out.webp", "png-rgb8.png")]
    [DataRow("out.webp", "png-rgba8.png")]
    public void What_is_written_without_loss_is_read_again(string target, string name)
    {
        using var folder = new TemporaryFolder();
        var image = ImageFile.Load(Fixtures.Path(name));
        var report = ImageFile.Save(image, folder.File(target), new SaveSettings { WebPLossless = true });
        Assert.IsEmpty(report.Notes);
        Assert.AreEqual(report.Format, ImageFile.Inspect(folder.File(target)).Format);
        CollectionAssert.AreEqual(Fixtures.Samples(image), Fixtures.Samples(ImageFile.Load(folder.File(target))));
    }

    [TestMethod]
    [DataRow("out.jpg")]
    [DataRow("out.webp")]
    public void Lossy_formats_are_near_by_default(string target)
    {
        using var folder = new TemporaryFolder();
        byte[] gradient =
        [
            .. Enumerable.Range(0, 64 * 64).SelectMany(i => new[] { (byte)(60 + i % 64), (byte)(80 + i / 64), (byte)(90 + i % 64) }),
        ];
        var image = new RasterImage(64, 64, 8, gradient);
        ImageFile.Save(image, folder.File(target));
        var again = ImageFile.Load(folder.File(target));
        double mean = image.Rgb.Zip(again.Rgb, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(1.0, mean);
    }

    [TestMethod]
    [DataRow("png-grey8.png", "out.png", 1)]
    [DataRow("png-grey16.png", "out.png", 1)]
    [DataRow("png-grey16.png", "out.tif", 1)]
    [DataRow("png-grey8-alpha.png", "out.tif", 2)]
    [DataRow("jpeg-grey.jpg", "out.jpg", 1)]
    [DataRow("icc-grey8.png", "out.png", 1)]
    [DataRow("png-grey8.png", "out.webp", 3)]
    [DataRow("png-grey8.png", "out.bmp", 3)]
    [DataRow("png-rgb8.png", "out.png", 3)]
    public void Gray_stays_gray(string name, string target, int samples)
    {
        using var folder = new TemporaryFolder();
        var image = ImageFile.Load(Fixtures.Path(name));
        var lossless = new SaveSettings { WebPLossless = true, JpegQuality = 100 };
        Assert.IsEmpty(ImageFile.Save(image, folder.File(target), lossless).Notes);
        Assert.AreEqual(samples, ImageFile.Inspect(folder.File(target)).Samples);
        var again = ImageFile.Load(folder.File(target));
        int worst = Fixtures.Samples(image).Zip(Fixtures.Samples(again), (a, b) => Math.Abs(a - b)).Max();
        // A level of 8 bits: JPEG rounds its transform.
        Assert.IsLessThanOrEqualTo(target == "out.jpg" ? 257 : 0, worst);
        // Color that a model added is not dropped here.
        if (name == "png-grey8.png" && target == "out.png")
        {
            byte[] tinted = [.. image.Rgb];
            tinted[0] ^= 1;
            ImageFile.Save(image.WithColors(tinted), folder.File(target));
            CollectionAssert.AreEqual(tinted, ImageFile.Load(folder.File(target)).Rgb);
        }
    }

    [TestMethod]
    [DataRow("webp-lossless.webp", true)]
    [DataRow("webp-alpha.webp", true)]
    [DataRow("webp-lossy.webp", false)]
    [DataRow("webp-lossy-alpha.webp", false)]
    [DataRow("png-rgb8.png", false)]
    public void Lossless_WebP_stays_lossless(string name, bool lossless)
    {
        using var folder = new TemporaryFolder();
        var image = ImageFile.Load(Fixtures.Path(name));
        ImageFile.Save(image, folder.File("out.webp"));
        var again = ImageFile.Load(folder.File("out.webp"));
        Assert.AreEqual(lossless, again.Metadata.LosslessWebP);
        Assert.AreEqual(lossless, image.Rgb.SequenceEqual(again.Rgb));
        ImageFile.Save(image, folder.File("out.webp"), new SaveSettings { WebPLossless = false });
        Assert.IsFalse(ImageFile.Load(folder.File("out.webp")).Metadata.LosslessWebP);
    }

    [TestMethod]
    public void Jpeg_lays_transparency_over_white_and_says_so()
    {
        using var folder = new TemporaryFolder();
        byte[] red = [255, 0, 0, 255, 0, 0];
        var report = ImageFile.Save(new RasterImage(2, 1, 8, red, [0, 0]), folder.File("out.jpg"));
        Assert.HasCount(1, report.Notes);
        Assert.Contains("white", report.Notes[0]);
        Assert.IsTrue(ImageFile.Load(folder.File("out.jpg")).Rgb.All(sample => sample > 250));
    }

    [TestMethod]
    [DataRow("out.bmp")]
    [DataRow("out.webp")]
    public void Sixteen_bits_are_rounded_where_the_format_has_eight(string target)
    {
        using var folder = new TemporaryFolder();
        ushort[] samples = [128, 129, 65_406, 65_407, 257, 386];
        byte[] bytes = new byte[12];
        Buffer.BlockCopy(samples, 0, bytes, 0, 12);
        var report = ImageFile.Save(new RasterImage(2, 1, 16, bytes), folder.File(target), new SaveSettings { WebPLossless = true });
        Assert.HasCount(1, report.Notes);
        CollectionAssert.AreEqual(new byte[] { 0, 1, 254, 255, 1, 2 }, ImageFile.Load(folder.File(target)).Rgb);
    }

    [TestMethod]
    public void WebP_ends_at_16383_pixels()
    {
        using var folder = new TemporaryFolder();
        var failure = Assert.ThrowsExactly<ImageException>(() =>
            ImageFile.Save(new RasterImage(16_384, 1, 8, new byte[3 * 16_384]), folder.File("out.webp"))
        );
        Assert.Contains("16,383", failure.Message);
        Assert.Contains("PNG", failure.Remedy!);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("out.gif")]
    [DataRow("out")]
    [DataRow("out.xyz")]
    public void Other_formats_are_not_written(string target)
    {
        using var folder = new TemporaryFolder();
        var failure = Assert.ThrowsExactly<ImageException>(() => ImageFile.Save(new RasterImage(1, 1, 8, [1, 2, 3]), folder.File(target)));
        Assert.Contains(folder.File(target), failure.Message);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("out.png")]
    [DataRow("out.bmp")]
    public void A_failed_or_cancelled_save_leaves_the_old_file(string target)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        source.Cancel();
        File.WriteAllText(folder.File(target), "old");
        var image = ImageFile.Load(Fixtures.Path("png-rgb8.png"));
        Assert.ThrowsExactly<OperationCanceledException>(() => ImageFile.Save(image, folder.File(target), cancellation: source.Token));
        Assert.AreEqual("old", File.ReadAllText(folder.File(target)));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
        ImageFile.Save(image, folder.File(target));
        Assert.AreEqual(image.Width, ImageFile.Load(folder.File(target)).Width);
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_missing_folder_is_told()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "missing", "out.png");
        var failure = Assert.ThrowsExactly<ImageException>(() => ImageFile.Save(new RasterImage(1, 1, 8, [1, 2, 3]), path));
        Assert.AreEqual(path, failure.Path);
    }
}
