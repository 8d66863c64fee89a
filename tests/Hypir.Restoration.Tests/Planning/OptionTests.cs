using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class OptionTests
{
    private static readonly ModelFacts Nano = Machine.Nano.ReadFacts();

    public static IEnumerable<object[]> Wrong() =>
    [
        ["upscale", new RestoreOptions { Upscale = 0 }],
        ["upscale", new RestoreOptions { Upscale = -1 }],
        ["upscale", new RestoreOptions { Upscale = double.NaN }],
        ["upscale", new RestoreOptions { Upscale = double.PositiveInfinity }],
        ["upscale", new RestoreOptions { Upscale = 1e9 }],
        ["upscale", new RestoreOptions { Upscale = 0.001 }],
        ["upscale", new RestoreOptions { Upscale = 1000 }],
        ["longest-side", new RestoreOptions { LongestSide = 0 }],
        ["longest-side", new RestoreOptions { LongestSide = int.MaxValue }],
        ["longest-side", new RestoreOptions { LongestSide = 1 }],
        ["strength", new RestoreOptions { Strength = -0.01 }],
        ["strength", new RestoreOptions { Strength = 1.01 }],
        ["strength", new RestoreOptions { Strength = double.NaN }],
        ["t", new RestoreOptions { ModelT = -1 }],
        ["t", new RestoreOptions { ModelT = 1000 }],
        ["coeff-t", new RestoreOptions { CoeffT = 1000 }],
        ["tile", new RestoreOptions { Tile = 0 }],
        ["tile", new RestoreOptions { Tile = -512 }],
        ["tile", new RestoreOptions { Tile = 100 }],
        ["stride", new RestoreOptions { Stride = 0 }],
        ["stride", new RestoreOptions { Stride = 100 }],
        ["stride", new RestoreOptions { Tile = 64, Stride = 128 }],
        ["prompt", new RestoreOptions { Prompt = "a cat" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void What_is_out_of_range_is_told_by_name(string option, RestoreOptions options)
    {
        var error = Assert.ThrowsExactly<PlanException>(() => RestorePlan.Create(300, 200, false, options, Nano, Machine.Facts));
        Assert.AreEqual(option, error.Option, error.Message);
    }

    [TestMethod]
    public void A_tile_below_the_models_minimum_is_refused()
    {
        ModelFacts model = Nano with { Needs = Nano.Needs with { Minimum = 128 } };
        Assert.AreEqual("tile", Assert.ThrowsExactly<PlanException>(
            () => RestorePlan.Create(300, 200, false, new() { Tile = 64 }, model, Machine.Facts)).Option);
    }

    [TestMethod]
    public void A_tile_of_another_size_keeps_the_models_overlap()
    {
        RestorePlan plan = RestorePlan.Create(500, 500, false, new() { Tile = 128 }, Nano, Machine.Facts);
        TileAxis rows = plan.Restoring.Tiles.Rows;
        Assert.IsTrue(rows.Tile <= 128);
        Assert.IsTrue(rows.Tile - rows.Stride >= 128 - 128 * Nano.Needs.Stride / Nano.Needs.Patch);
        TileAxis reference = RestorePlan
            .Create(500, 500, false, new() { Tile = 128, Mode = RestoreMode.Reference }, Nano, Machine.Facts)
            .Encoding.Tiles.Rows;
        Assert.AreEqual((128, 128 * Nano.Needs.Stride / Nano.Needs.Patch), (reference.Tile, reference.Stride));
    }

    [TestMethod]
    public void The_edges_of_the_ranges_are_within()
    {
        RestoreOptions[] right =
        [
            new() { Strength = 0 },
            new() { Strength = 1 },
            new() { ModelT = 0, CoeffT = 999 },
            new() { Tile = 8, Stride = 8 },
            new() { LongestSide = 3 },
            new() { Tile = 2048 },
        ];
        foreach (RestoreOptions options in right)
            Assert.IsNotNull(RestorePlan.Create(300, 200, false, options, Nano, Machine.Facts));
    }

    [TestMethod]
    public void A_prompt_is_fine_where_the_model_reads() =>
        Assert.IsNotNull(RestorePlan.Create(300, 200, false, new() { Prompt = "a cat" }, StableDiffusion.Facts, Machine.Facts));
}
