using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>Fast mode's tiles: each stage has its own, as few and as even as its largest size and its overlap allow.</summary>
[TestClass]
public sealed class FastTilesTests
{
    [TestMethod]
    public void Any_axis_is_covered_by_even_tiles_with_the_overlap()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            int step = 1 << random.Next(4),
                length = step * random.Next(1, 400),
                largest = step * random.Next(4, 100),
                overlap = random.Next(largest / 2);
            TileAxis axis = TileAxis.Even(length, largest, overlap, step);
            string what =
                $"{length} positions, tiles of at most {largest}, {overlap} shared, steps of {step}: {axis.Count} of {axis.Tile} every "
                    + $"{axis.Stride}";
            Assert.IsTrue(axis.Tile <= Math.Max(largest, step), what);
            Assert.AreEqual(length, axis.Start(axis.Count - 1) + axis.Tile, what);
            for (int tile = 1; tile < axis.Count; tile++)
            {
                Assert.IsTrue(axis.Start(tile - 1) + axis.Tile - axis.Start(tile) >= overlap, what);
                Assert.AreEqual(0, axis.Start(tile) % step, what);
            }

            // One tile fewer would leave a gap, or make them larger than they may be.
            if (axis.Count > 1)
                Assert.IsTrue(
                    (axis.Count - 1) * (largest / step * step) - (axis.Count - 2) * ((overlap + step - 1) / step * step) < length, what);
        }
    }

    [TestMethod]
    public void The_UNet_has_wide_overlaps_and_the_VAE_narrow_ones()
    {
        RestorePlan plan = Plan(new());
        Assert.AreEqual(25, plan.Restoring.Tiles.Count);
        Assert.AreEqual(64, plan.Restoring.Tiles.Rows.Tile, "Attention sees what it was trained with.");
        Assert.IsTrue(plan.Restoring.Tiles.Rows.Tile - plan.Restoring.Tiles.Rows.Stride >= 16);
        Assert.AreEqual(9, plan.Decoding.Tiles.Count);
        Assert.AreEqual(plan.Encoding.Tiles.Rows.Tile, plan.Encoding.Scale.Down * plan.Decoding.Tiles.Rows.Tile);
        double plain = Plan(new() { Mode = RestoreMode.Reference }).Operations;
        Assert.IsTrue(plain / plan.Operations > 2.2, $"{plain / plan.Operations:f2} times fewer operations");
    }

    [TestMethod]
    public void A_distance_without_a_tile_is_one_between_tiles_of_the_models_own_size()
    {
        RestorePlan plan = Plan(new() { Stride = 64 }), same = Plan(new() { Tile = plan.Model.TileOf(new()), Stride = 64 });
        Assert.IsLessThanOrEqualTo(64, plan.UNetStride.Longer);
        Assert.AreEqual((same.UNetTile, same.UNetStride, same.VaeTile), (plan.UNetTile, plan.UNetStride, plan.VaeTile));
    }

    [TestMethod]
    public void What_a_person_asks_for_holds()
    {
        RestorePlan plan = Plan(new() { Tile = 256, Stride = 192 });
        Assert.IsTrue(plan.Decoding.Tiles.Rows.Tile <= 32 && plan.Restoring.Tiles.Rows.Tile <= 32);
        Assert.IsTrue(plan.Restoring.Tiles.Rows.Tile - plan.Restoring.Tiles.Rows.Stride >= 8);
    }

    [TestMethod]
    public void Where_memory_is_short_tiles_are_smaller_until_the_plan_fits()
    {
        RestorePlan plenty = Plan(new());
        RestorePlan less = Plan(new(), plenty.PeakMemory - 1);
        Assert.IsTrue(less.Fits);
        Assert.IsTrue(less.Decoding.Tiles.Count > plenty.Decoding.Tiles.Count);
        RestorePlan none = Plan(new(), 1 << 20);
        Assert.IsFalse(none.Fits);
        Assert.IsTrue(none.PeakMemory < less.PeakMemory);
    }

    private static RestorePlan Plan(RestoreOptions options, long? free = null) =>
        RestorePlan.Create(
            2048,
            2048,
            false,
            options,
            StableDiffusion.Facts,
            Machine.Facts with
            {
                FreeMemory = free ?? Machine.Facts.FreeMemory,
            }
        );
}
