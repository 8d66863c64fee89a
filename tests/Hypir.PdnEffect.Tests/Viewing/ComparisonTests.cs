using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Viewing;

namespace Hypir.PdnEffect.Tests.Viewing;

/// <summary>What the dialog's own view shows.</summary>
[TestClass]
public sealed class ComparisonTests
{
    private const int Width = 12, Height = 8;

    [TestMethod]
    public void At_its_own_size_it_is_the_layer_the_blend_and_the_mask()
    {
        var layer = new TestLayer(Width, Height) { Mask = (x, _) => (byte)(x < 6 ? 255 : x == 6 ? 128 : 0) };
        RestoredRegion result = Result(layer, 0xFF102030);
        uint[] before = Draw(layer, null, 100), after = Draw(layer, result, 100), half = Draw(layer, result, 50);
        for (int i = 0; i < before.Length; i++)
        {
            uint own = layer.Pixels[i];
            Assert.AreEqual(own, before[i]);
            Assert.AreEqual((i % Width) switch { < 6 => 0xFF102030, 6 => Mix(own, 0xFF102030, 128, 255), _ => own }, after[i], $"{i}");
            if (i % Width < 6)
                Assert.AreEqual(Mix(own, 0xFF102030, 50, 100), half[i], $"{i}");
        }
    }

    [TestMethod]
    public void It_is_in_the_screens_colors()
    {
        var layer = new TestLayer(Width, Height, complement: true);
        Assert.AreEqual(layer.Pixels[3] ^ 0xFFFFFF, Draw(layer, null, 100)[3]);
        Assert.AreEqual(0xFFEFDFCF, Draw(layer, Result(layer, 0xFF102030), 100)[3]);
    }

    [TestMethod]
    public void Transparency_shows_a_chequerboard_and_beside_the_layer_is_gray()
    {
        var layer = new TestLayer(Width, Height);
        Array.Fill(layer.Pixels, 0x00FF00FFu);
        uint[] drawn = new uint[40 * 20];
        new Comparison(layer).Draw(new(40, 20, 1, 6, 4), null, 100, drawn);
        Assert.AreEqual(0xFF808080, drawn[0]);
        uint[] inside =
        [
            .. Enumerable
                .Range(0, drawn.Length)
                .Where(i => i % 40 is >= 14 and < 26 && i / 40 is >= 6 and < 14)
                .Select(i => drawn[i])
                .Distinct(),
        ];
        CollectionAssert.AreEquivalent((uint[])[0xFFFFFFFF, 0xFFD6D6D6], inside);
    }

    [TestMethod]
    [DataRow(0.25)]
    [DataRow(5.0)]
    public void Any_zoom_shows_an_even_image_evenly(double zoom)
    {
        var layer = new TestLayer(Width, Height);
        Array.Fill(layer.Pixels, 0xFF336699u);
        uint[] drawn = new uint[30 * 30];
        new Comparison(layer).Draw(new(30, 30, zoom, 6, 4), null, 100, drawn);
        CollectionAssert.Contains(drawn, 0xFF336699u);
        Assert.IsTrue(drawn.All(pixel => pixel is 0xFF336699u or 0xFF808080));
    }

    private static uint[] Draw(TestLayer layer, RestoredRegion? result, int strength)
    {
        uint[] drawn = new uint[Width * Height];
        new Comparison(layer).Draw(new(Width, Height, 1, Width / 2.0, Height / 2.0), result, strength, drawn);
        return drawn;
    }

    private static RestoredRegion Result(TestLayer layer, uint pixel)
    {
        uint[] pixels = new uint[Width * Height];
        Array.Fill(pixels, pixel);
        return new(ResultKey.Of(layer, new()), pixels, [], 0);
    }

    private static uint Mix(uint before, uint after, double share, double whole)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 32; shift += 8)
            mixed |=
                (uint)Math.Floor((((before >> shift) & 255) * (whole - share) + ((after >> shift) & 255) * share) / whole + 0.5) << shift;
        return mixed;
    }
}
