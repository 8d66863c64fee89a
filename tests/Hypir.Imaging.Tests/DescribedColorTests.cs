using System.Buffers.Binary;
using Hypir.Imaging.Color;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>
/// Files that say what their colors are without an ICC profile, or with one in a place of their own; and colors that sRGB cannot hold.
/// </summary>
[TestClass]
public sealed class DescribedColorTests
{
    private const int Side = 16;

    // XYZ (D65) of the primaries, and sRGB of XYZ, as published.
    private static readonly double[] AdobeToXyz = [0.57667, 0.18556, 0.18823, 0.29734, 0.62736, 0.07529, 0.02703, 0.07069, 0.99134];
    private static readonly double[] P3ToXyz = [0.48657, 0.26567, 0.19822, 0.22897, 0.69174, 0.07929, 0.00000, 0.04511, 1.04394];
    private static readonly double[] XyzToSrgb = [3.24097, -1.53738, -0.49861, -0.96924, 1.87597, 0.04156, 0.05563, -0.20398, 1.05697];

    // EXIF: color space uncalibrated, interoperability R03; the last bytes are the index.
    private static readonly byte[] Exif =
    [
        .. "II"u8, 42, 0, 8, 0, 0, 0,
        1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0x01, 0xa0, 3, 0, 1, 0, 0, 0, 0xff, 0xff, 0, 0, 0x05, 0xa0, 4, 0, 1, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 1, 0, 2, 0, 4, 0, 0, 0, .. "R03\0"u8, 0, 0, 0, 0,
    ];

    private static byte[] Samples => [.. Enumerable.Range(0, 3 * Side * Side).Select(i => (byte)(60 + i * 7 % 120))];

    [TestMethod]
    public void Adobe_RGB_of_cameras_is_converted_or_kept()
    {
        using var folder = new TemporaryFolder();
        byte[] plain = File.ReadAllBytes(Fixtures.Path("jpeg-444.jpg"));
        byte[] segment = [0xff, 0xe1, 0, 0, .. "Exif\0\0"u8, .. Exif];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(segment.Length - 2));
        File.WriteAllBytes(folder.File("adobe.jpg"), [.. plain[..2], .. segment, .. plain[2..]]);
        var device = ImageFile.Load(Fixtures.Path("jpeg-444.jpg"));
        var image = ImageFile.LoadWithOwnColors(folder.File("adobe.jpg"));
        AssertConverted(device.Rgb, image.Rgb, AdobeToXyz, v => Math.Pow(v, 563 / 256.0));
        Assert.Contains(note => note.Contains("Adobe RGB", StringComparison.Ordinal), image.Metadata.Notes);

        ImageFile.Save(image, folder.File("kept.png"), new SaveSettings { KeepProfile = true });
        Assert.Contains("Adobe RGB", ImageFile.Inspect(folder.File("kept.png")).ProfileName!);
        CollectionAssert.AreEqual(device.Rgb, ImageFile.LoadWithOwnColors(folder.File("kept.png")).Metadata.OwnColors!.Samples);

        // The sRGB option file, and a color space that is said to be sRGB, are left as they are.
        foreach (var (at, value) in new[] { (segment.Length - 6, (byte)'9'), (18 + 28, (byte)1) })
        {
            byte[] other = [.. segment];
            other[at] = value;
            if (value == 1)
                other[at + 1] = 0;
            File.WriteAllBytes(folder.File("other.jpg"), [.. plain[..2], .. other, .. plain[2..]]);
            CollectionAssert.AreEqual(device.Rgb, ImageFile.Load(folder.File("other.jpg")).Rgb);
        }
    }

    [TestMethod]
    [DataRow(45455, false)]
    [DataRow(100000, true)]
    [DataRow(55556, true)]
    public void Gamma_of_png_is_applied(int gamma, bool converted)
    {
        var image = Load(PngBuilder.Build(Side, Side, 8, 2, Samples, PngBuilder.Numbers("gAMA", gamma)), "in.png");
        if (converted)
            AssertConverted(Samples, image.Rgb, null, v => Math.Pow(v, 100000.0 / gamma));
        else
            CollectionAssert.AreEqual(Samples, image.Rgb);
        Assert.AreEqual(converted, image.Metadata.Notes.Any(note => note.Contains("gAMA", StringComparison.Ordinal)));
        var gray = Load(PngBuilder.Build(Side, Side, 8, 0, Samples[..(Side * Side)], PngBuilder.Numbers("gAMA", gamma)), "in.png");
        for (int i = 0; i < Side * Side; i++)
            Assert.AreEqual(converted ? 255 * Encoded(Math.Pow(Samples[i] / 255.0, 100000.0 / gamma)) : Samples[i], gray.Rgb[3 * i], 1);
        // The sRGB chunk overrules it.
        CollectionAssert.AreEqual(
            Samples,
            Load(
                PngBuilder.Build(Side, Side, 8, 2, Samples, PngBuilder.Numbers("gAMA", gamma), PngBuilder.Chunk("sRGB", [0])), "in.png").Rgb
        );
    }

    [TestMethod]
    public void Primaries_of_png_are_applied()
    {
        byte[] primaries = PngBuilder.Numbers("cHRM", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000),
            coded = PngBuilder.Chunk("cICP", [12, 13, 0, 1]);
        foreach (byte[] chunk in new[] { primaries, coded })
        {
            AssertConverted(
                Samples,
                Load(PngBuilder.Build(Side, Side, 8, 2, Samples, PngBuilder.Numbers("gAMA", 45455), chunk), "in.png").Rgb,
                P3ToXyz,
                Decoded
            );
        }
        // Of no use: a triangle without area, and high dynamic range.
        var flat = Load(
            PngBuilder.Build(Side, Side, 8, 2, Samples, PngBuilder.Numbers("cHRM", 31270, 32900, 10000, 10000, 20000, 20000, 30000, 30000)),
            "in.png"
        );
        CollectionAssert.AreEqual(Samples, flat.Rgb);
        Assert.Contains(note => note.Contains("makes no sense", StringComparison.Ordinal), flat.Metadata.Notes);
        var bright = Load(PngBuilder.Build(Side, Side, 8, 2, Samples, PngBuilder.Chunk("cICP", [9, 16, 0, 1])), "in.png");
        Assert.Contains(note => note.Contains("dynamic range", StringComparison.Ordinal), bright.Metadata.Notes);
    }

    [TestMethod]
    public void Colors_that_bmp_describes_are_applied()
    {
        byte[] profile = IccBuilder.Build(RgbSpace.AdobeRgb)!;
        AssertConverted(Samples, Load(Bmp(0x4d424544, profile), "in.bmp").Rgb, AdobeToXyz, v => Math.Pow(v, 563 / 256.0));
        CollectionAssert.AreEqual(Samples, Load(Bmp(0x73524742, profile), "in.bmp").Rgb);
        var damaged = Load(Bmp(0x4d424544, profile[..100]), "in.bmp");
        CollectionAssert.AreEqual(Samples, damaged.Rgb);
        Assert.Contains(note => note.Contains("profile", StringComparison.Ordinal), damaged.Metadata.Notes);
        // Columns of the matrix are the endpoints.
        int[] endpoints =
        [
            .. from column in new[] { 0, 1, 2 } from row in new[] { 0, 1, 2 } select (int)(P3ToXyz[3 * row + column] * (1 << 30)),
            1 << 16,
            1 << 16,
            1 << 16,
        ];
        AssertConverted(Samples, Load(Bmp(0, [], endpoints), "in.bmp").Rgb, P3ToXyz, v => v);
    }

    [TestMethod]
    [DataRow("out.png", 8)]
    [DataRow("out.png", 16)]
    [DataRow("out.tif", 8)]
    [DataRow("out.tif", 16)]
    public void Kept_colors_may_lie_beyond_sRGB(string target, int bits)
    {
        using var folder = new TemporaryFolder();
        byte[] samples =
        [
            .. Enumerable
                .Range(0, Side * Side)
                .SelectMany(i => new[] { 255, i, 255 - i, i % 2 * 255, i, 0 })
                .Take(3 * Side * Side * bits / 8)
                .Select(i => (byte)i),
        ];
        byte[] file = PngBuilder.Build(Side, Side, bits, 2, samples, PngBuilder.Chunk("cICP", [12, 13, 0, 1]));
        File.WriteAllBytes(folder.File("in.png"), file);
        byte[] stored = bits == 8 ? samples : [.. samples.Chunk(2).SelectMany(pair => pair.Reverse())];
        var image = ImageFile.LoadWithOwnColors(folder.File("in.png"));
        CollectionAssert.AreEqual(stored, image.Metadata.OwnColors!.Samples);

        // What is not changed is as it was, sample by sample.
        ImageFile.Save(image, folder.File(target), new SaveSettings { KeepProfile = true });
        CollectionAssert.AreEqual(stored, ImageFile.LoadWithOwnColors(folder.File(target)).Metadata.OwnColors!.Samples);

        // What is another color now has nothing of the old one.
        byte[] white = [.. Enumerable.Repeat((byte)255, image.Rgb.Length)];
        ImageFile.Save(
            new RasterImage(Side, Side, bits, white, null, image.Metadata), folder.File(target), new SaveSettings { KeepProfile = true });
        var again = ImageFile.LoadWithOwnColors(folder.File(target)).Metadata.OwnColors!.Samples;
        for (int i = 0; i < 3 * Side * Side; i++)
        {
            if (Math.Abs(Sample(stored, i) - 255) > 100)
                Assert.AreEqual(255, Sample(again, i), 1);
        }

        double Sample(byte[] plane, int i) => bits == 8 ? plane[i] : BitConverter.ToUInt16(plane, 2 * i) / 257.0;
    }

    [TestMethod]
    public void Kept_colors_grow_with_the_image()
    {
        using var folder = new TemporaryFolder();
        byte[] red = [.. Enumerable.Range(0, Side * Side).SelectMany(_ => new byte[] { 255, 0, 0 })];
        File.WriteAllBytes(folder.File("in.png"), PngBuilder.Build(Side, Side, 8, 2, red, PngBuilder.Chunk("cICP", [12, 13, 0, 1])));
        var small = ImageFile.LoadWithOwnColors(folder.File("in.png"));
        byte[] larger = [.. Enumerable.Range(0, 33 * 50).SelectMany(_ => small.Rgb[..3])];
        ImageFile.Save(
            new RasterImage(33, 50, 8, larger, null, small.Metadata), folder.File("out.png"), new SaveSettings { KeepProfile = true });
        byte[] again = ImageFile.LoadWithOwnColors(folder.File("out.png")).Metadata.OwnColors!.Samples;
        for (int i = 0; i < again.Length; i++)
            Assert.AreEqual(i % 3 == 0 ? 255 : 0, again[i]);
    }

    [TestMethod]
    [DataRow("icc-cmyk8.tif", "out.tif")]
    [DataRow("icc-grey8.png", "out.png")]
    [DataRow("icc-adobe16.tif", "out.tif")]
    public void Samples_of_every_profile_are_kept_where_nothing_changes(string name, string target)
    {
        using var folder = new TemporaryFolder();
        var image = ImageFile.LoadWithOwnColors(Fixtures.Path(name));
        ImageFile.Save(image, folder.File(target), new SaveSettings { KeepProfile = true });
        var again = ImageFile.LoadWithOwnColors(folder.File(target)).Metadata.OwnColors!;
        CollectionAssert.AreEqual(image.Metadata.OwnColors!.Samples, again.Samples);
        CollectionAssert.AreEqual(image.Metadata.OwnColors!.Fourth, again.Fourth);
    }

    private static RasterImage Load(byte[] file, string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(name), file);
        return ImageFile.Load(folder.File(name));
    }

    // A BITMAPV5HEADER: kind of color space, endpoints and gamma, and a profile behind the pixels.
    private static byte[] Bmp(uint kind, byte[] profile, params int[] space)
    {
        byte[] header = new byte[14 + 124],
            pixels = [.. Samples.Chunk(3 * Side).Reverse().SelectMany(row => row.Chunk(3).SelectMany(pixel => pixel.Reverse()))];
        "BM"u8.CopyTo(header);
        foreach (
            var (at, value) in new[]
            {
                (10, header.Length),
                (14, 124),
                (18, Side),
                (22, Side),
                (26, 1 | 24 << 16),
                (14 + 56, (int)kind),
                (14 + 112, 124 + pixels.Length),
                (14 + 116, profile.Length),
            }
        )
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
        for (int i = 0; i < space.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14 + 60 + 4 * i), space[i]);
        return [.. header, .. pixels, .. profile];
    }

    private static void AssertConverted(byte[] device, byte[] actual, double[]? toXyz, Func<double, double> curve)
    {
        for (int i = 0; i < device.Length; i += 3)
        {
            double[] light = [.. device.AsSpan(i, 3).ToArray().Select(sample => curve(sample / 255.0))];
            double[] linear = toXyz is null ? light : Times(XyzToSrgb, Times(toXyz, light));
            // Where sRGB ends, the way of cutting off is the color engine's.
            if (linear.Any(part => part is < 0.002 or > 0.998))
                continue;
            for (int c = 0; c < 3; c++)
                Assert.AreEqual(255 * Encoded(linear[c]), actual[i + c], 1.5, $"sample {i + c}");
        }
        CollectionAssert.AreNotEqual(device, actual);
    }

    private static double[] Times(double[] m, double[] v) =>
        [.. Enumerable.Range(0, 3).Select(row => m[3 * row] * v[0] + m[3 * row + 1] * v[1] + m[3 * row + 2] * v[2])];

    private static double Decoded(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

    private static double Encoded(double v) => v <= 0.0031308 ? 12.92 * v : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055;
}
