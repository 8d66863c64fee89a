using System.Buffers.Binary;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class DamagedFileTests
{
    // The first frame of an animation may be whole in a part of it.
    public static IEnumerable<object[]> Names =>
        Fixtures.All().Where(name => !name.Contains("animated", StringComparison.Ordinal)).Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_file_that_ends_early_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Fixtures.Path(name));
        string path = folder.File(name);
        foreach (double part in new[] { 0.1, 0.5, 0.75, 0.9 })
        {
            File.WriteAllBytes(path, whole[..(int)(part * whole.Length)]);
            AssertRefused(path);
        }
    }

    [TestMethod]
    public void An_empty_file_is_refused() => AssertContentRefused("empty.png", [], "empty");

    [TestMethod]
    public void Text_is_refused() => AssertContentRefused("text.png", "<html>Not found</html>"u8.ToArray(), "text");

    [TestMethod]
    public void Unknown_bytes_are_refused() => AssertContentRefused("noise.png", [1, 2, 3, 200, 100, 0], "unknown");

    [TestMethod]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.File("missing.png"));
    }

    [TestMethod]
    [DataRow("png-rgb8.png")]
    [DataRow("jpeg-444.jpg")]
    [DataRow("bmp-24.bmp")]
    [DataRow("webp-lossless.webp")]
    public void A_huge_size_is_refused_before_memory_is_taken(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Fixtures.Path(name));
        ClaimHugeSize(bytes);
        string path = folder.File(name);
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var failure = AssertRefused(path, new ImageLimits { MaxPixels = 100_000_000 });
        Assert.Contains("header", failure.Message);
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static ImageException AssertRefused(string path, ImageLimits? limits = null)
    {
        var failure = Assert.ThrowsExactly<ImageException>(() => ImageFile.Load(path, limits));
        Assert.Contains(path, failure.Message);
        Assert.AreEqual(path, failure.Path);
        Assert.IsNotNull(failure.Remedy);
        return failure;
    }

    private static void AssertContentRefused(string name, byte[] content, string word)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(name), content);
        Assert.Contains(word, AssertRefused(folder.File(name)).Message);
    }

    private static void ClaimHugeSize(byte[] file)
    {
        const int side = 100_000;
        switch (file)
        {
            case [0x89, ..]:
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), side);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), side);
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Mutation.Crc32(file.AsSpan(12, 17)));
                break;
            case [(byte)'B', (byte)'M', ..]:
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), side);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), side);
                break;
            case [0xff, ..]:
                int frame = file.AsSpan().IndexOf<byte>([0xff, 0xc0]);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 65_000);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 65_000);
                break;
            default:
                // VP8L: a signature byte, then 14 bits of width - 1 and 14 bits of height - 1; 16,383 is the most.
                int chunk = file.AsSpan().IndexOf("VP8L"u8);
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(chunk + 9), 16_382 | 16_382 << 14);
                break;
        }
    }
}
