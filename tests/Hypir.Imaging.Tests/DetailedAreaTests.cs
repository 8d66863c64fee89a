namespace Hypir.Imaging.Tests;

/// <summary>The part of an image with the most detail.</summary>
[TestClass]
public sealed class DetailedAreaTests
{
    [TestMethod]
    [DataRow(8)]
    [DataRow(16)]
    public void Detail_is_found(int bits)
    {
        byte[] rgb = new byte[3 * 320 * 240];
        // Fine lines in one place, and one strong edge in another.
        for (int i = 0; i < rgb.Length; i++)
        {
            int x = i / 3 % 320, y = i / 3 / 320;
            rgb[i] = (byte)(x is >= 192 and < 256 && y is >= 32 and < 96 ? x % 2 * 40 : x < 100 ? 250 : 0);
        }

        RasterImage image = new(320, 240, bits, bits == 8 ? rgb : [.. rgb.SelectMany(sample => new[] { sample, sample })]);
        Assert.AreEqual((192, 32, 64, 64), DetailedArea.Of(image, 64));
    }

    [TestMethod]
    public void Small_and_flat_images_give_their_middle()
    {
        Assert.AreEqual((0, 0, 10, 9), DetailedArea.Of(new(10, 9, 8, new byte[270]), 64));
        Assert.AreEqual((64, 64, 64, 64), DetailedArea.Of(new(192, 192, 8, new byte[3 * 192 * 192]), 64));
    }
}
