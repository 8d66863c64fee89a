using System.Runtime.InteropServices;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class AlphaScaleTests
{
    public static IEnumerable<object[]> Scaled =>
        Directory.GetFiles(Fixtures.Folder, "*.alpha").Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DynamicData(nameof(Scaled))]
    public void The_filter_is_the_one_that_another_program_has(string name)
    {
        // SOURCE.WxH.alpha
        string[] parts = name.Split('.');
        int[] size = [.. parts[^2].Split('x').Select(int.Parse)];
        var image = ImageFile.Load(Fixtures.Path(string.Join('.', parts[..^2])));
        byte[] scaled = AlphaScale.Resize(image, size[0], size[1])!;
        ushort[] expected = MemoryMarshal.Cast<byte, ushort>(File.ReadAllBytes(Fixtures.Path(name))).ToArray();
        ushort[] actual =
            image.BitsPerSample == 16
                ? MemoryMarshal.Cast<byte, ushort>(scaled).ToArray()
                : [.. scaled.Select(sample => (ushort)(257 * sample))];
        Assert.HasCount(expected.Length, actual);
        // ImageMagick rounds to 16 bits between the two directions; an 8-bit result is rounded to half a level, and where a corner is cut
        // off the order of the directions shows, by less than a level.
        int tolerance = image.BitsPerSample == 16 ? 3 : 257;
        int worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.IsLessThanOrEqualTo(tolerance, worst);
    }

    [TestMethod]
    public void An_opaque_image_has_none() => Assert.IsNull(AlphaScale.Resize(new RasterImage(1, 1, 8, [1, 2, 3]), 5, 5));

    [TestMethod]
    public void The_own_size_costs_nothing()
    {
        var image = new RasterImage(1, 2, 8, [1, 2, 3, 4, 5, 6], [7, 8]);
        Assert.AreSame(image.Alpha, AlphaScale.Resize(image, 1, 2));
    }

    [TestMethod]
    [DataRow(8, 2.0)]
    [DataRow(16, 2.0)]
    [DataRow(8, 3.7)]
    [DataRow(16, 0.3)]
    public void Far_from_an_edge_transparent_and_opaque_stay_so_and_no_ring_is_left(int bits, double scale)
    {
        const int side = 60;
        ushort[] alpha = [.. Enumerable.Range(0, side * side).Select(i => i % side < side / 2 ? (ushort)0 : ushort.MaxValue)];
        byte[] plane = bits == 16 ? MemoryMarshal.AsBytes(alpha.AsSpan()).ToArray() : [.. alpha.Select(a => (byte)a)];
        int size = (int)(side * scale);
        byte[] scaled = AlphaScale.Resize(new RasterImage(side, side, bits, new byte[3 * side * side * bits / 8], plane), size, size)!;
        // The edge itself is one source pixel wide, or one of the result where that is wider.
        double edge = size / 2.0, width = Math.Max(1, scale);
        for (int i = 0; i < size * size; i++)
        {
            double sample = bits == 16 ? BitConverter.ToUInt16(scaled, 2 * i) / 65535.0 : scaled[i] / 255.0, x = i % size + 0.5;
            if (Math.Abs(x - edge) > width)
                Assert.AreEqual(x < edge ? 0.0 : 1.0, sample, $"At {x} of {size}.");
        }
    }
}
