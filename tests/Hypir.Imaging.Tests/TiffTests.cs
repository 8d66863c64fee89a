using System.IO.Compression;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>TIFF files that the tests make tag by tag, and the pixels that they hold by the text of the format.</summary>
[TestClass]
public sealed class TiffTests
{
    private const int Side = 32, Pixels = Side * Side;

    public static IEnumerable<object[]> Containers => [[false, false], [true, false], [false, true], [true, true]];

    [TestMethod]
    [DynamicData(nameof(Containers))]
    public void Pixels_of_every_supported_kind_are_exact(bool bigEndian, bool bigTiff)
    {
        Check("gray", new(Side, Side, 1, 8, 1, Ramp(1)), i => (i, i, i, 255));
        Check("gray, white is zero", new(Side, Side, 0, 8, 1, Ramp(1)), i => (255 - i, 255 - i, 255 - i, 255));
        Check("gray, 4 bits", new(Side, Side, 1, 4, 1, Ramp(1)[..(Pixels / 2)]), i =>
            i % 2 == 0 ? All(i / 2 % 256 / 16 * 17) : All(i / 2 % 16 * 17)
        );
        Check("1 bit", new(Side, Side, 1, 1, 1, Ramp(1)[..(Pixels / 8)]), i => All((i / 8 >> 7 - i % 8 & 1) * 255));
        Check("1 bit, white is zero", new(Side, Side, 0, 1, 1, Ramp(1)[..(Pixels / 8)]), i => All(255 - (i / 8 >> 7 - i % 8 & 1) * 255));
        Check("gray, alpha", new TiffPage(Side, Side, 1, 8, 2, Ramp(2)).WithExtra(2), i => (2 * i, 2 * i, 2 * i, 2 * i + 1));
        Check("gray, white is zero, alpha", new TiffPage(Side, Side, 0, 8, 2, Ramp(2)).WithExtra(2), i =>
            (255 - 2 * i, 255 - 2 * i, 255 - 2 * i, 2 * i + 1)
        );
        Check("RGB", new(Side, Side, 2, 8, 3, Ramp(3)), i => (3 * i, 3 * i + 1, 3 * i + 2, 255));
        Check(
            "RGB, strips",
            new TiffPage(Side, Side, 2, 8, 3, [.. Ramp(3).Chunk(5 * 3 * Side)]).Set(TiffPage.RowsPerStrip, TiffPage.Long, 5),
            i => (3 * i, 3 * i + 1, 3 * i + 2, 255)
        );
        Check("RGB, tiles", new TiffPage(Side, Side, 2, 8, 3, Tiles(Ramp(3), 3)).InTiles(16, 16), i => (3 * i, 3 * i + 1, 3 * i + 2, 255));
        Check("RGBA", new TiffPage(Side, Side, 2, 8, 4, Ramp(4)).WithExtra(2), i => (4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3));
        Check("RGB, planes", new TiffPage(Side, Side, 2, 8, 3, Planes(Ramp(3), 3)).InPlanes(), i => (3 * i, 3 * i + 1, 3 * i + 2, 255));
        Check("RGBA, planes", new TiffPage(Side, Side, 2, 8, 4, Planes(Ramp(4), 4)).InPlanes().WithExtra(2), i =>
            (4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3)
        );
        Check(
            "palette",
            new TiffPage(Side, Side, 3, 8, 1, Ramp(1)).Set(
                TiffPage.ColorMap,
                TiffPage.Short,
                [
                    .. Enumerable
                        .Range(0, 768)
                        .Select(i =>
                            257L
                            * (
                                i < 256 ? 255 - i
                                : i < 512 ? i - 256
                                : (i - 512) / 2
                            )
                        ),
                ]
            ),
            i => (255 - i % 256, i, i % 256 / 2, 255)
        );
        Check(
            "palette, 4 bits",
            new TiffPage(Side, Side, 3, 4, 1, Ramp(1)[..(Pixels / 2)]).Set(
                TiffPage.ColorMap, TiffPage.Short, [.. Enumerable.Range(0, 48).Select(i => 257L * i)]),
            i => Indexed(i % 2 == 0 ? i / 2 % 256 / 16 : i / 2 % 16)
        );
        Check("RGB, deflated", new TiffPage(Side, Side, 2, 8, 3, Deflated(Ramp(3))).Set(TiffPage.Compression, TiffPage.Short, 8), i =>
            (3 * i, 3 * i + 1, 3 * i + 2, 255)
        );

        void Check(string name, TiffPage page, Func<int, (int, int, int, int)> expected) =>
            AssertPixels(name, TiffBuilder.Build([page], bigEndian, bigTiff), expected);
        static (int, int, int, int) All(int gray) => (gray, gray, gray, 255);
        static (int, int, int, int) Indexed(int index) => (index, 16 + index, 32 + index, 255);
    }

    [TestMethod]
    [DataRow(2, 3, DisplayName = "RGB")]
    [DataRow(1, 1, DisplayName = "Gray")]
    [DataRow(0, 1, DisplayName = "Gray, white is zero")]
    [DataRow(5, 4, DisplayName = "CMYK")]
    public void Unspecified_samples_are_no_transparency(int photometric, int colors)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("plain.tif"), TiffBuilder.Build(new TiffPage(Side, Side, photometric, 8, colors, Ramp(colors))));
        var plain = ImageFile.Load(folder.File("plain.tif"));
        foreach (long[] meanings in new long[][] { [0], [0, 0], [0, 0, 0, 0, 0] })
        {
            int samples = colors + meanings.Length;
            byte[] bytes = Spread(Ramp(colors), colors, samples, (i, sample) => (byte)(i * sample));
            File.WriteAllBytes(
                folder.File("more.tif"), TiffBuilder.Build(new TiffPage(Side, Side, photometric, 8, samples, bytes).WithExtra(meanings)));
            var image = ImageFile.Load(folder.File("more.tif"));
            Assert.IsNull(image.Alpha);
            Assert.IsFalse(ImageFile.Inspect(folder.File("more.tif")).HasAlpha);
            CollectionAssert.AreEqual(plain.Rgb, image.Rgb);
            Assert.Contains(note => note.Contains("further sample", StringComparison.Ordinal), image.Metadata.Notes);
        }
    }

    [TestMethod]
    public void Transparency_is_found_among_other_samples()
    {
        foreach (int photometric in new[] { 1, 2, 5 })
        {
            int colors = photometric switch { 1 => 1, 2 => 3, _ => 4 };
            byte[] bytes = Spread(Ramp(colors), colors, colors + 3, (i, sample) => (byte)(sample == colors + 1 ? i : 77));
            var image = Load(TiffBuilder.Build(new TiffPage(Side, Side, photometric, 8, colors + 3, bytes).WithExtra(0, 2, 0)));
            CollectionAssert.AreEqual(Ramp(1), image.Alpha, $"{photometric}");
            Assert.Contains(note => note.Contains("2 further samples", StringComparison.Ordinal), image.Metadata.Notes);
        }
    }

    [TestMethod]
    [DataRow(8, false)]
    [DataRow(8, true)]
    [DataRow(16, false)]
    [DataRow(16, true)]
    public void Colors_that_are_multiplied_by_transparency_are_divided(int bits, bool planes)
    {
        int most = (1 << bits) - 1;
        // Colors 1, 1/2, 1/4 of full, at every alpha.
        var samples = Enumerable.Range(0, Pixels).SelectMany(i =>
        {
            int alpha = most * (i % 256) / 255;
            return new[] { alpha, alpha / 2, alpha / 4, alpha };
        });
        byte[] bytes = [.. samples.SelectMany(sample => bits == 8 ? [(byte)sample] : BitConverter.GetBytes((ushort)sample))];
        byte[][] blocks = planes ? Planes(bytes, 4, bits / 8) : [bytes];
        var page = new TiffPage(Side, Side, 2, bits, 4, blocks).WithExtra(1);
        var image = Load(TiffBuilder.Build(planes ? page.InPlanes() : page));
        for (int i = 0; i < Pixels; i++)
        {
            int alpha = most * (i % 256) / 255;
            Assert.AreEqual(alpha, Sample(image.Alpha!, i));
            if (alpha == 0)
                continue;
            for (int c = 0; c < 3; c++)
                Assert.AreEqual((double)(alpha >> c) * most / alpha, Sample(image.Rgb, 3 * i + c), 1, $"pixel {i}, color {c}");
        }

        int Sample(byte[] plane, int index) => bits == 8 ? plane[index] : BitConverter.ToUInt16(plane, 2 * index);
    }

    [TestMethod]
    public void A_sample_that_nothing_is_said_of_is_transparency_with_a_note()
    {
        var image = Load(TiffBuilder.Build(new TiffPage(Side, Side, 2, 8, 4, Ramp(4))));
        Assert.IsNotNull(image.Alpha);
        Assert.Contains(note => note.Contains("does not say", StringComparison.Ordinal), image.Metadata.Notes);
    }

    [TestMethod]
    [DynamicData(nameof(Containers))]
    public void Luma_and_chroma_become_colors(bool bigEndian, bool bigTiff)
    {
        // Full-range codes of BT.601 by default, and of BT.709 in studio range where the file says so.
        Check(page => page, 0.299, 0.114, 0, 255, 128, 127);
        Check(page => page.Set(TiffPage.Coefficients, TiffPage.Rational, 2126, 10000, 7152, 10000, 722, 10000)
            .Set(TiffPage.BlackWhite, TiffPage.Rational, 16, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1), 0.2126, 0.0722, 16, 235, 128, 112);
        Check(page => page.Set(TiffPage.Compression, TiffPage.Short, 8), 0.299, 0.114, 0, 255, 128, 127);

        void Check(
            Func<TiffPage, TiffPage> change, double redWeight, double blueWeight, double black, double white, double zero, double range)
        {
            byte[] codes = Ramp(3);
            var page = change(new TiffPage(Side, Side, 6, 8, 3, codes).Set(TiffPage.Subsampling, TiffPage.Short, 1, 1));
            if (page.Tags[TiffPage.Compression].Values[0] == 8)
                page.Blocks[0] = Deflated(codes);
            AssertPixels("YCbCr", TiffBuilder.Build([page], bigEndian, bigTiff), i =>
            {
                double y = (codes[3 * i] - black) * 255 / (white - black),
                    cb = (codes[3 * i + 1] - zero) * 127 / range,
                    cr = (codes[3 * i + 2] - zero) * 127 / range;
                double red = y + cr * 2 * (1 - redWeight),
                    blue = y + cb * 2 * (1 - blueWeight),
                    green = (y - redWeight * red - blueWeight * blue) / (1 - redWeight - blueWeight);
                return (Round(red), Round(green), Round(blue), 255);
            });
        }

        static int Round(double value) => (int)Math.Clamp(Math.Floor(value + 0.5), 0, 255);
    }

    [TestMethod]
    public void A_smaller_copy_in_front_is_not_the_image()
    {
        var small = new TiffPage(4, 4, 2, 8, 3, new byte[48]).Set(TiffPage.SubfileType, TiffPage.Long, 1);
        var mask = new TiffPage(Side, Side, 4, 1, 1, new byte[Pixels / 8]).Set(TiffPage.SubfileType, TiffPage.Long, 4);
        var image = Load(TiffBuilder.Build([small, mask, new TiffPage(Side, Side, 2, 8, 3, Ramp(3))]));
        Assert.AreEqual((Side, Side), (image.Width, image.Height));
        CollectionAssert.AreEqual(Ramp(3), image.Rgb);
        Assert.Contains(note => note.Contains("only page 3", StringComparison.Ordinal), image.Metadata.Notes);
    }

    internal static RasterImage Load(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("in.tif"), file);
        return ImageFile.Load(folder.File("in.tif"));
    }

    internal static byte[] Ramp(int samples) => [.. Enumerable.Range(0, Pixels * samples).Select(i => (byte)i)];

    private static void AssertPixels(string name, byte[] file, Func<int, (int R, int G, int B, int A)> expected)
    {
        var image = Load(file);
        Assert.AreEqual((Side, Side, 8), (image.Width, image.Height, image.BitsPerSample), name);
        for (int i = 0; i < Pixels; i++)
        {
            var (r, g, b, a) = expected(i);
            var actual = (image.Rgb[3 * i], image.Rgb[3 * i + 1], image.Rgb[3 * i + 2], image.Alpha?[i] ?? 255);
            Assert.AreEqual(((byte)r, (byte)g, (byte)b, (byte)a), actual, $"{name}, pixel {i}");
        }
    }

    private static byte[][] Tiles(byte[] samples, int bands) =>
        [
            .. from top in new[] { 0, 16 }
            from left in new[] { 0, 16 }
            select (byte[])[.. Enumerable.Range(0, 16).SelectMany(y => samples.Skip(((top + y) * Side + left) * bands).Take(16 * bands))],
        ];

    private static byte[][] Planes(byte[] samples, int bands, int bytes = 1) =>
        [
            .. Enumerable
                .Range(0, bands)
                .Select(band => samples.Chunk(bytes).Where((_, i) => i % bands == band).SelectMany(sample => sample).ToArray()),
        ];

    private static byte[] Spread(byte[] colors, int from, int to, Func<int, int, byte> further) =>
        [
            .. colors
                .Chunk(from)
                .SelectMany((color, i) => color.Concat(Enumerable.Range(from, to - from).Select(sample => further(i, sample)))),
        ];

    private static byte[] Deflated(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflater = new ZLibStream(stream, CompressionLevel.Fastest))
            deflater.Write(bytes);
        return stream.ToArray();
    }
}
