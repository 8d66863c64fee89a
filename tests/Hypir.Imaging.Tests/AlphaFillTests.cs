using System.Runtime.InteropServices;

namespace Hypir.Imaging.Tests;

[TestClass]
public sealed class AlphaFillTests
{
    [TestMethod]
    public void An_opaque_image_is_returned_as_it_is()
    {
        var image = new RasterImage(2, 1, 8, [1, 2, 3, 4, 5, 6]);
        Assert.AreSame(image, AlphaFill.Fill(image));
    }

    [TestMethod]
    public void An_image_that_is_transparent_everywhere_is_returned_as_it_is()
    {
        var image = new RasterImage(2, 1, 8, [1, 2, 3, 4, 5, 6], [0, 0]);
        Assert.AreSame(image, AlphaFill.Fill(image));
    }

    [TestMethod]
    [DataRow(8, 64, 48)]
    [DataRow(16, 64, 48)]
    [DataRow(8, 1, 1)]
    [DataRow(8, 1, 37)]
    [DataRow(16, 201, 3)]
    [DataRow(8, 33, 65)]
    public void A_red_cutout_on_transparent_green_is_free_of_green(int bits, int width, int height)
    {
        var filled = AlphaFill.Fill(Cutout(bits, width, height));
        ushort[] samples = Fixtures.Samples(filled);
        for (int i = 0; i < samples.Length; i += 4)
            Assert.AreEqual((ushort.MaxValue, 0, 0), (samples[i], samples[i + 1], samples[i + 2]), $"Pixel {i / 4}.");
    }

    [TestMethod]
    [DataRow("png-rgba8.png")]
    [DataRow("png-rgba16.png")]
    public void What_is_seen_well_keeps_its_color_and_alpha(string name)
    {
        var image = ImageFile.Load(Fixtures.Path(name));
        var filled = AlphaFill.Fill(image);
        Assert.AreSame(image.Alpha, filled.Alpha);
        ushort[] before = Fixtures.Samples(image), after = Fixtures.Samples(filled);
        int seen = 0;
        for (int i = 0; i < before.Length; i += 4)
        {
            if (before[i + 3] < ushort.MaxValue / 7)
                continue;
            CollectionAssert.AreEqual(before[i..(i + 4)], after[i..(i + 4)]);
            seen++;
        }
        Assert.AreNotEqual(0, seen);
    }

    [TestMethod]
    public void A_hole_takes_the_colors_around_it()
    {
        // Left half dark, right half light, a band without color between them.
        const int side = 64;
        byte[] rgb = new byte[3 * side * side], alpha = new byte[side * side];
        for (int i = 0; i < side * side; i++)
        {
            int x = i % side;
            alpha[i] = (byte)(x is < 16 or >= 48 ? 255 : 0);
            rgb.AsSpan(3 * i, 3).Fill((byte)(x < 16 ? 50 : x >= 48 ? 200 : 255));
        }
        var filled = AlphaFill.Fill(new RasterImage(side, side, 8, rgb, alpha));
        for (int y = 0; y < side; y++)
        {
            Assert.IsInRange(45, 80, (int)filled.Rgb[3 * (y * side + 17)]);
            Assert.IsInRange(170, 205, (int)filled.Rgb[3 * (y * side + 46)]);
            for (int x = 17; x < 48; x++)
                Assert.IsGreaterThanOrEqualTo(filled.Rgb[3 * (y * side + x - 1)] - 1, (int)filled.Rgb[3 * (y * side + x)], $"At {x}, {y}.");
        }
    }

    [TestMethod]
    public void Rounding_of_premultiplied_color_does_not_stay()
    {
        // One color, alpha falling from left to right, stored premultiplied in 8 bits and divided again.
        const int width = 256, height = 8;
        byte[] rgb = new byte[3 * width * height], alpha = new byte[width * height];
        byte[] color = [200, 120, 60];
        for (int i = 0; i < width * height; i++)
        {
            alpha[i] = (byte)(255 - i % width);
            for (int c = 0; c < 3; c++)
            {
                int premultiplied = (color[c] * alpha[i] + 127) / 255;
                rgb[3 * i + c] = alpha[i] == 0 ? (byte)0 : (byte)Math.Min(255, (premultiplied * 255 + alpha[i] / 2) / alpha[i]);
            }
        }
        int before = Worst(rgb), after = Worst(AlphaFill.Fill(new RasterImage(width, height, 8, rgb, alpha)).Rgb);
        Assert.IsGreaterThan(100, before);
        Assert.IsLessThan(12, after);

        int Worst(byte[] samples) => Enumerable.Range(0, samples.Length).Max(i => Math.Abs(samples[i] - color[i % 3]));
    }

    private static RasterImage Cutout(int bits, int width, int height)
    {
        int pixels = width * height;
        ushort[] rgb = new ushort[3 * pixels], alpha = new ushort[pixels];
        for (int i = 0; i < pixels; i++)
        {
            int x = i % width, y = i / width;
            bool inside = Math.Abs(x - width / 2) <= width / 5 && Math.Abs(y - height / 2) <= height / 5;
            rgb[3 * i + (inside ? 0 : 1)] = alpha[i] = ushort.MaxValue;
            if (!inside)
                alpha[i] = 0;
        }
        return new RasterImage(width, height, bits, Bytes(rgb, bits), Bytes(alpha, bits));
    }

    private static byte[] Bytes(ushort[] samples, int bits) =>
        bits == 16 ? MemoryMarshal.AsBytes(samples.AsSpan()).ToArray() : [.. samples.Select(s => (byte)(s >> 8))];
}
