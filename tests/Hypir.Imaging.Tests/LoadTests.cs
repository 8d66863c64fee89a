
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class LoadTests
{
    public static IEnumerable<object[]> Names => Fixtures.With(".rgba").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Samples_are_those_that_another_program_sees(string name)
    {
        var image = ImageFile.Load(Fixtures.Path(name));
        ushort[] expected = Fixtures.Expected(name), actual = Fixtures.Samples(image);
        Assert.HasCount(expected.Length, actual, "Sizes differ.");
        int worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.IsLessThanOrEqualTo(Tolerance(name), worst, $"{name}: a sample differs by {worst} of 65535.");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Header_says_what_the_pixels_are(string name)
    {
        var info = ImageFile.Inspect(Fixtures.Path(name));
        var image = ImageFile.Load(Fixtures.Path(name));
        Assert.AreEqual((image.Width, image.Height, image.BitsPerSample), (info.Width, info.Height, info.BitsPerSample));
        Assert.IsTrue(info.HasAlpha || image.Alpha is null);
    }

    [TestMethod]
    public void Opaque_alpha_costs_nothing()
    {
        Assert.IsTrue(ImageFile.Inspect(Fixtures.Path("png-rgba8-opaque.png")).HasAlpha);
        Assert.IsNull(ImageFile.Load(Fixtures.Path("png-rgba8-opaque.png")).Alpha);
        Assert.IsNotNull(ImageFile.Load(Fixtures.Path("png-rgba8.png")).Alpha);
    }

    [TestMethod]
    public void Content_decides_not_the_name()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("png-rgb8.png"), folder.File("wrong.jpg"));
        Assert.AreEqual(ImageFormat.Png, ImageFile.Inspect(folder.File("wrong.jpg")).Format);
    }

    [TestMethod]
    public void Cancelling_ends_it()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => ImageFile.Load(Fixtures.Path("png-rgb8.png"), cancellation: source.Token));
    }

    private static int Tolerance(string name) =>
        name switch
        {
            // Decoders of lossy formats may round their transforms and enlarge color differently: a few levels of 8 bits.
            _ when name.EndsWith(".jpg", StringComparison.Ordinal) || name.Contains("lossy", StringComparison.Ordinal) => 4 * 257,
            // 5 bits are widened, a TIFF palette's 16 bits narrowed, and premultiplied colors divided, to 8 by rounding or by cutting: one
            // level.
            "bmp-555.bmp" or "bmp-565.bmp" or "tiff-palette.tif" or "tiff-rgba8-associated.tif" => 257,
            _ => 0,
        };
}
