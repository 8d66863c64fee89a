using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;

namespace Hypir.PdnEffect.Tests.Results;

/// <summary>Results: what they are the result of, and how they are blended.</summary>
[TestClass]
public sealed class ResultTests
{
    private static readonly Region Selected = new(100, 90, 10, 8);

    [TestMethod]
    public void A_key_tells_whether_anything_is_different()
    {
        ResultKey Key(
            Action<TestLayer>? change = null, RestorationSettings? settings = null, Region? selection = null, bool complement = false)
        {
            var layer = new TestLayer(300, 200, 1, selection ?? Selected, complement: complement);
            change?.Invoke(layer);
            return ResultKey.Of(layer, settings ?? new());
        }
        ResultKey key = Key();
        Assert.AreEqual(key, Key());
        Assert.AreEqual(new Region(36, 26, 138, 136), key.Context);
        Assert.AreEqual(key, Key(layer => layer.Pixels[0] ^= 1), "A pixel that the engine does not see");
        Assert.AreNotEqual(key, Key(layer => layer.Pixels[26 * 300 + 36] ^= 1), "A pixel of the margin");
        Assert.AreNotEqual(key, Key(layer => layer.Pixels[161 * 300 + 173] ^= 0x1000000), "Transparency in the margin's last pixel");
        Assert.AreNotEqual(key, Key(selection: Selected with { X = 101 }));
        Assert.AreNotEqual(key, Key(complement: true));
        foreach (
            RestorationSettings settings in (RestorationSettings[])
                [new() { Seed = 1 }, new() { Scale = 2 }, new() { Model = "m" }, new() { Prompt = "p" }]
        )
            Assert.AreNotEqual(key, Key(settings: settings));
    }

    [TestMethod]
    public void Strength_blends_to_the_nearest_level()
    {
        var key = new ResultKey(new(), new(2, 1, 3, 1), new(0, 0, 9, 9), "");
        var result = new RestoredRegion(key, [0x80FF00C8, 0x80FF00C8, 0x80FF00C8], [], 0);
        uint[] row = Enumerable.Repeat(0x80000A64u, 7).ToArray();
        uint[] Blended(int strength, int x = 0, int y = 1)
        {
            uint[] copy = [.. row];
            result.Blend(x, y, copy, strength);
            return copy;
        }
        CollectionAssert.AreEqual(row, Blended(0));
        CollectionAssert.AreEqual((uint[])[row[0], row[0], 0x80FF00C8, 0x80FF00C8, 0x80FF00C8, row[0], row[0]], Blended(100));
        // 0.37 x 255 = 94.35; 0.63 x 10 = 6.3; 0.37 x 200 + 0.63 x 100 = 137.
        CollectionAssert.AreEqual((uint[])[row[0], row[0], 0x805E0689, 0x805E0689, 0x805E0689, row[0], row[0]], Blended(37));
        CollectionAssert.AreEqual(row, Blended(100, y: 0), "Another row");
        CollectionAssert.AreEqual(
            (uint[])[0x80FF00C8, row[0], row[0], row[0], row[0], row[0], row[0]], Blended(100, x: 4), "A part that begins within");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Blended(101));
    }

    [TestMethod]
    public void Halving_weighs_colors_by_alpha()
    {
        List<(int Row, byte[] Pixels)> rows = [];
        var halving = new HalvingRows(2, (row, pixels) => rows.Add((row, pixels.ToArray())));
        byte[] upper = [100, 100, 100, 255, 0, 0, 0, 0, 10, 20, 30, 0, 20, 30, 40, 0],
            lower = [200, 200, 200, 255, 0, 0, 0, 0, 30, 40, 50, 0, 40, 50, 60, 0];
        halving.Take(0, upper);
        Assert.IsEmpty(rows);
        halving.Take(1, [.. lower, .. upper]);
        halving.Take(3, lower);
        Assert.HasCount(2, rows);
        foreach ((int i, byte[] pixels) in rows)
            CollectionAssert.AreEqual((byte[])[150, 150, 150, 128, 25, 35, 45, 0], pixels, $"Row {i}");
    }
}
