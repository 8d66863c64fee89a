using System.Buffers.Binary;
using System.Text;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Small files whose headers ask for much, or for nothing.</summary>
[TestClass]
public sealed class HostileFileTests
{
    [TestMethod]
    [DataRow("png-rgb8.png")]
    [DataRow("jpeg-444.jpg")]
    [DataRow("bmp-24.bmp")]
    [DataRow("gif.tif")]
    public void An_image_without_pixels_is_refused_by_its_header(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (bool width in new[] { true, false })
        {
            byte[] file =
                name == "gif.tif"
                    ? TiffBuilder.Build(new TiffPage(width ? 0 : 5, width ? 5 : 0, 1, 8, 1, new byte[25]))
                    : File.ReadAllBytes(Fixtures.Path(name));
            int frame = file.AsSpan().IndexOf<byte>([0xff, 0xc0]);
            switch (file)
            {
                case [0x89, ..]:
                    file.AsSpan(width ? 16 : 20, 4).Clear();
                    BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Mutation.Crc32(file.AsSpan(12, 17)));
                    break;
                case [(byte)'B', ..]:
                    file.AsSpan(width ? 18 : 22, 4).Clear();
                    break;
                case [0xff, ..]:
                    file.AsSpan(width ? frame + 7 : frame + 5, 2).Clear();
                    break;
            }
            File.WriteAllBytes(folder.File(name), file);
            var failure = Assert.ThrowsExactly<ImageException>(() => ImageFile.Inspect(folder.File(name)));
            Assert.Contains(folder.File(name), failure.Message);
            DamagedFileTests.AssertRefused(folder.File(name));
        }
    }

    [TestMethod]
    public void A_size_over_the_limit_is_refused_by_its_header()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(65535, 1, 8, 2, new byte[3 * 65535]));
        byte[] file = File.ReadAllBytes(folder.File("in.png"));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 65535);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Mutation.Crc32(file.AsSpan(12, 17)));
        File.WriteAllBytes(folder.File("in.png"), file);
        var failure = Assert.ThrowsExactly<ImageException>(() => ImageFile.Inspect(folder.File("in.png")));
        Assert.Contains("65535x65535", failure.Message);
        Assert.Contains(folder.File("in.png"), failure.Message);
    }

    [TestMethod]
    public void Samples_and_blocks_count_in_the_limits()
    {
        using var folder = new TemporaryFolder();
        void Refused(TiffPage page, string told)
        {
            File.WriteAllBytes(folder.File("in.tif"), TiffBuilder.Build(page));
            Assert.Contains(told, Assert.ThrowsExactly<ImageException>(() => ImageFile.Inspect(folder.File("in.tif"))).Message);
        }

        Refused(new TiffPage(32768, 23, 2, 8, 8195, new byte[100]).WithExtra(new long[8192]), "8,195 samples");
        Refused(new TiffPage(16000, 16000, 1, 8, 32, new byte[100]).WithExtra(new long[31]), "32 samples");
        Refused(new TiffPage(16, 16, 1, 8, 1, new byte[100]).InTiles(1 << 20, 1 << 20), "1048576x1048576");
        Refused(new TiffPage(16, 16, 1, 8, 1, new byte[100]).InTiles(0, 16), "0x16");

        File.WriteAllBytes(
            folder.File("in.tif"), TiffBuilder.Build(new TiffPage(1000, 1000, 1, 8, 20, new byte[100]).WithExtra(new long[19])));
        Assert.IsGreaterThanOrEqualTo(20_000_000, ImageFile.Inspect(folder.File("in.tif")).DecodingBytes);
    }

    [TestMethod]
    public void Compressed_texts_have_a_budget()
    {
        using var folder = new TemporaryFolder();
        byte[] bomb = PngBuilder.CompressedText("Description", new byte[64 << 20]),
            unused = PngBuilder.CompressedText("Comment", new byte[1 << 20]);
        byte[] lines = PngBuilder.CompressedText("Raw profile type exif", [.. Enumerable.Repeat((byte)'\n', 4 << 20)]);
        byte[] kept = PngBuilder.CompressedText("Author", Encoding.Latin1.GetBytes("Jane Doe"));
        foreach (byte[] chunk in new[] { bomb, lines, unused })
        {
            File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(1, 1, 8, 2, [1, 2, 3], [kept, .. Enumerable.Repeat(chunk, 50)]));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("16 MB", DamagedFileTests.AssertRefused(folder.File("in.png")).Message);
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.IsLessThan(150L << 20, taken, $"{taken >> 20} MiB");
        }
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(1, 1, 8, 2, [1, 2, 3], [kept, lines, unused, unused]));
        Assert.Contains("Jane Doe", Encoding.Latin1.GetString(ImageFile.Load(folder.File("in.png")).Metadata.Exif!));
    }

    [TestMethod]
    public void Masses_of_chunks_are_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] chunk = PngBuilder.Chunk("teSt", []);
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(1, 1, 8, 2, [1, 2, 3], [.. Enumerable.Repeat(chunk, 30_000)]));
        Assert.Contains("chunks", DamagedFileTests.AssertRefused(folder.File("in.png")).Message);
        // A download that was never completed ends in zeros: these are no chunks.
        byte[] part = File.ReadAllBytes(Fixtures.Path("png-rgb8.png"))[..200];
        File.WriteAllBytes(folder.File("in.png"), [.. part, .. new byte[20 << 20]]);
        DamagedFileTests.AssertRefused(folder.File("in.png"));
    }

    [TestMethod]
    public void Deep_xmp_is_dropped()
    {
        using var folder = new TemporaryFolder();
        string deep = string.Concat(Enumerable.Repeat("<a>", 40_000)) + string.Concat(Enumerable.Repeat("</a>", 40_000));
        byte[] chunk = PngBuilder.Chunk("iTXt", [.. "XML:com.adobe.xmp\0"u8, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(deep)]);
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(1, 1, 8, 2, [1, 2, 3], chunk));
        var metadata = ImageFile.Load(folder.File("in.png")).Metadata;
        Assert.IsNull(metadata.Xmp);
        Assert.Contains(note => note.Contains("XMP", StringComparison.Ordinal), metadata.Notes);
    }

    [TestMethod]
    public void An_error_has_no_words_of_another_file()
    {
        using var folder = new TemporaryFolder();
        // A tag that lies outside of the file: read with a warning, which the library keeps.
        byte[] warned = TiffBuilder.Build(
            new TiffPage(4, 4, 1, 8, 1, new byte[16]).Set(
                305, TiffPage.Ascii, [.. "some software"u8.ToArray().Select(letter => (long)letter)])
        );
        int entry = warned.AsSpan().IndexOf<byte>([0x31, 0x01, 2, 0]);
        BinaryPrimitives.WriteInt32LittleEndian(warned.AsSpan(entry + 8), 1_000_000);
        File.WriteAllBytes(folder.File("warned.tif"), warned);
        string[] bad =
        [
            .. new[] { "png-rgb8.png", "jpeg-444.jpg", "webp-lossless.webp", "gif-still.gif" }.Where(name =>
                File.Exists(Fixtures.Path(name))
            ),
        ];
        foreach (string name in bad)
            File.WriteAllBytes(folder.File(name), File.ReadAllBytes(Fixtures.Path(name))[..^200]);
        var alone = bad.ToDictionary(name => name, name => DamagedFileTests.AssertRefused(folder.File(name)).Message);
        foreach (string name in bad)
        {
            ImageFile.Load(folder.File("warned.tif"));
            Assert.AreEqual(alone[name], DamagedFileTests.AssertRefused(folder.File(name)).Message);
        }

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            if (i % 3 == 0)
                ImageFile.Load(folder.File("warned.tif"));
            string name = bad[i % bad.Length];
            Assert.AreEqual(alone[name], DamagedFileTests.AssertRefused(folder.File(name)).Message);
        });
    }
}
