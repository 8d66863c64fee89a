
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Intact files of kinds that are not read: refused by their header, by name, and never called damaged.</summary>
[TestClass]
public sealed class UnsupportedTests
{
    private const int Side = 32;

    public static IEnumerable<object[]> Pages =>
        [
            .. Row("old-style JPEG compression in tiles", Rgb().Set(TiffPage.Compression, TiffPage.Short, 6).InTiles(16, 16)),
            .. Row("old-style JPEG compression", Rgb().Set(TiffPage.Compression, TiffPage.Short, 6)),
            .. Row("LZMA compression", Rgb().Set(TiffPage.Compression, TiffPage.Short, 34925)),
            .. Row("Zstandard compression", Rgb().Set(TiffPage.Compression, TiffPage.Short, 50000)),
            .. Row("compression scheme 4711", Rgb().Set(TiffPage.Compression, TiffPage.Short, 4711)),
            .. Row("separate planes", Gray(8, 2).InPlanes().WithExtra(2)),
            .. Row("separate planes", Gray(8, 2).InPlanes().WithExtra(0)),
            .. Row(
                "separate planes",
                new TiffPage(Side, Side, 6, 8, 3, Block(1), Block(1), Block(1)).InPlanes().Set(TiffPage.Subsampling, TiffPage.Short, 1, 1)),
            .. Row("tiles and separate planes", Rgb().InTiles(16, 16).InPlanes()),
            .. Row("Lab colors", new TiffPage(Side, Side, 8, 8, 3, Block(3))),
            .. Row("Lab colors", new TiffPage(Side, Side, 9, 16, 3, Block(6))),
            .. Row("LogLuv colors", new TiffPage(Side, Side, 32845, 16, 3, Block(6))),
            .. Row("inks other", new TiffPage(Side, Side, 5, 8, 4, Block(4)).Set(TiffPage.InkSet, TiffPage.Short, 2)),
            .. Row("transparency mask", new TiffPage(Side, Side, 4, 1, 1, Block(1))),
            .. Row("12 bits per sample", Gray(12, 1)),
            .. Row("3 bits per sample", Gray(3, 1)),
            .. Row("64 bits per sample", Gray(64, 1)),
            .. Row("4 bits per sample and 3 samples", new TiffPage(Side, Side, 2, 4, 3, Block(2))),
            .. Row("different sizes", Rgb().Set(TiffPage.Bits, TiffPage.Short, 5, 6, 5)),
            .. Row("floating-point samples of 32 bits", Gray(32, 1).Set(TiffPage.SampleFormat, TiffPage.Short, 3)),
            .. Row("signed samples of 16 bits", Gray(16, 1).Set(TiffPage.SampleFormat, TiffPage.Short, 2)),
            .. Row("complex samples", Gray(64, 1).Set(TiffPage.SampleFormat, TiffPage.Short, 6)),
            .. Row("16 bits per sample and a palette", new TiffPage(Side, Side, 3, 16, 1, Block(2))),
            .. Row("33 samples per pixel", new TiffPage(Side, Side, 2, 8, 33, Block(33)).WithExtra(new long[30])),
            .. Row("8,195 samples per pixel", new TiffPage(32768, 23, 2, 8, 8195, new byte[100])),
        ];

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void A_tiff_of_another_kind_is_not_supported(string told, object page)
    {
        foreach (var (bigEndian, bigTiff) in new[] { (false, false), (true, true) })
            AssertNotSupported("in.tif", TiffBuilder.Build([(TiffPage)page], bigEndian, bigTiff), told);
    }

    [TestMethod]
    public void Camera_raw_files_in_the_shape_of_tiff_are_named()
    {
        TiffPage small() => Rgb().Set(TiffPage.SubfileType, TiffPage.Long, 1);
        TiffPage sensor() => new TiffPage(Side, Side, 32803, 16, 1, Block(2));
        TiffPage[] shells =
        [
            Rgb().Set(TiffPage.DngVersion, TiffPage.Byte, 1, 4, 0, 0),
            small().Over(sensor()),
            Rgb().Over(sensor()),
            sensor(),
            small().Over(Rgb()).Set(TiffPage.Make, TiffPage.Ascii, 65, 67, 77, 69, 0),
            Gray(16, 1).Set(TiffPage.Compression, TiffPage.Short, 34713),
        ];
        foreach (var shell in shells)
        {
            foreach (var (bigEndian, bigTiff) in new[] { (false, false), (true, false), (false, true) })
                AssertNotSupported("in.nef", TiffBuilder.Build([shell], bigEndian, bigTiff), "camera raw file");
        }
        byte[] canon = TiffBuilder.Build(Rgb());
        "CR"u8.CopyTo(canon.AsSpan(8));
        AssertNotSupported("in.cr2", canon, "camera raw file");
    }

    [TestMethod]
    [DataRow("II\u0055\0----------------", "camera raw file")]
    [DataRow("IIRO----------------", "camera raw file")]
    [DataRow("FUJIFILMCCD-RAW 0201", "camera raw file")]
    [DataRow("\0\0\0\u0018ftypcrx ----", "camera raw file")]
    [DataRow("FOVb----------------", "camera raw file")]
    [DataRow("\0\0\0\u0018ftypheic----", "a HEIC file")]
    [DataRow("\0\0\0\u0018ftypavif----", "an AVIF file")]
    [DataRow("\0\0\0\u0018ftypisom----", "a video file")]
    [DataRow("\0\0\0\u000cJXL ----", "a JPEG XL file")]
    [DataRow("\u00ff\n----------------", "a JPEG XL file")]
    [DataRow("\0\0\0\u000cjP  ----", "a JPEG 2000 file")]
    [DataRow("8BPS----------------", "a Photoshop document")]
    [DataRow("<svg xmlns='-------'>", "an SVG drawing")]
    public void Other_kinds_of_file_are_named(string start, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("in.png"), System.Text.Encoding.Latin1.GetBytes(start));
        var failure = DamagedFileTests.AssertRefused(folder.File("in.png"));
        Assert.Contains(told, failure.Message);
    }

    [TestMethod]
    [DataRow(0xc1, 12, "12 bits per sample")]
    [DataRow(0xc3, 16, "16 bits per sample")]
    [DataRow(0xc6, 8, "hierarchical")]
    [DataRow(0xf7, 8, "JPEG-LS")]
    public void A_jpeg_of_another_kind_is_not_supported(int frame, int bits, string told)
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("jpeg-444.jpg"));
        int at = file.AsSpan().IndexOf<byte>([0xff, 0xc0]);
        (file[at + 1], file[at + 4]) = ((byte)frame, (byte)bits);
        AssertNotSupported("in.jpg", file, told);
    }

    private static IEnumerable<object[]> Row(string told, TiffPage page) => [[told, page]];

    private static TiffPage Rgb() => new(Side, Side, 2, 8, 3, Block(3));

    private static TiffPage Gray(int bits, int samples) => new(Side, Side, 1, bits, samples, Block((bits * samples + 7) / 8));

    private static byte[] Block(int pixelBytes) => new byte[Side * Side * pixelBytes];

    private static void AssertNotSupported(string name, byte[] file, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(name), file);
        // By the header, so that nothing is decoded.
        var early = Assert.ThrowsExactly<ImageException>(() => ImageFile.Inspect(folder.File(name)));
        var failure = DamagedFileTests.AssertRefused(folder.File(name));
        Assert.AreEqual(early.Message, failure.Message);
        Assert.Contains(told, failure.Message);
        Assert.Contains("not supported", failure.Message);
        Assert.DoesNotContain("damaged", failure.Message + failure.Remedy);
        Assert.DoesNotContain("from its source", failure.Remedy!);
    }
}
