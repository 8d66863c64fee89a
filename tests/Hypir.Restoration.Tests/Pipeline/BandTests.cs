using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using TorchSharp;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Stages that take turns where memory does not hold whole latents, and what stages hold.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class BandTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 64, Stride = 48 };

    [TestMethod]
    [DataRow(false, RestoreMode.Fast, 1.0)]
    [DataRow(false, RestoreMode.Reference, 1.0)]
    [DataRow(false, RestoreMode.Fast, 1.5)]
    [DataRow(true, RestoreMode.Fast, 1.0)]
    [DataRow(true, RestoreMode.Reference, 1.0)]
    public void Stages_that_take_turns_give_the_same_bits(bool tiny, RestoreMode mode, double upscale)
    {
        ModelFolder model = tiny ? Machine.Tiny() : Machine.Nano;
        RestoreOptions options = Options with { Mode = mode, Upscale = upscale };
        using var restorer = Machine.Load(model, options);
        RasterImage input = Images.Random(131, 259, 16);
        RestorePlan plan = Machine.Plan(model, options, 131, 259);
        Assert.IsFalse(plan.ByBands);
        Assert.IsGreaterThan(2, plan.Restoring.Tiles.Rows.Count);
        var watch = new Watch();
        RasterImage whole = restorer.Restore(input, plan).Image,
            bands = restorer.Restore(input, plan with { ByBands = true }, watch, watch, default).Image;
        CollectionAssert.AreEqual(whole.Rgb, bands.Rgb);

        Assert.IsLessThan(
            watch.Blocks.FindLastIndex(block => block.Stage == RestoreStage.Encoding),
            watch.Blocks.FindIndex(block => block.Stage == RestoreStage.Decoding));
        Assert.IsTrue(watch.Fractions.Zip(watch.Fractions.Skip(1)).All(pair => pair.First <= pair.Second));
        Assert.AreEqual(1, watch.Fractions[^1]);
        // Progress measures the work, not the stage: it is nearly complete before the last rows.
        Assert.IsGreaterThan(0.9, watch.Fractions[^5]);
    }

    /// <summary>16,384 x 16,384 pixels: as whole latents where memory is plenty, by bands where it is not, and both with figures.</summary>
    [TestMethod]
    public void A_plan_takes_turns_where_whole_latents_do_not_fit()
    {
        RestorePlan Plan(double gigabytes) =>
            RestorePlan.Create(
                16384,
                16384,
                false,
                new() { Device = "cpu" },
                Machine.Nano.ReadFacts(),
                Machine.Facts with
                {
                    FreeMemory = (long)(gigabytes * 1e9),
                }
            );
        RestorePlan plenty = Plan(64),
            scarce = Plan(plenty.PeakMemory / 1e9 - 0.1),
            least = Plan(0);
        Console.WriteLine($"{plenty.PeakMemory / 1e9:f2}, {scarce.PeakMemory / 1e9:f2}, {least.PeakMemory / 1e9:f2} GB");
        Assert.IsFalse(plenty.ByBands);
        Assert.IsTrue(scarce is { ByBands: true, Fits: true });
        Assert.AreEqual(plenty.Encoding.Tiles, scarce.Encoding.Tiles, "Tiles stay as large as they can.");
        Assert.IsTrue(least is { ByBands: true, Fits: false });
        Assert.IsLessThan(plenty.PeakMemory / 2, least.PeakMemory);
        long latent = 4L * 4 * 16384 * 16384;
        Assert.IsGreaterThan(latent, plenty.PeakMemory);
        Assert.IsFalse(scarce.Memory.Any(part => part.Bytes > latent / 2), "None of its parts is a whole latent.");
    }

    /// <summary>Whatever the number of tiles: what is alive when a tile begins is as much as a row of tiles before.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Nothing_of_a_tile_stays_when_it_is_blended(bool byBands)
    {
        using var restorer = Machine.Load(Machine.Nano, Options);
        RestorePlan plan = Machine.Plan(Machine.Nano, Options, 131, 259) with { ByBands = byBands };
        var watch = new Watch();
        restorer.Restore(Images.Random(131, 259, 8), plan, watch, watch, default);
        foreach (RestoreStage stage in new[] { RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding })
        {
            StagePlan planned = stage switch
            {
                RestoreStage.Encoding => plan.Encoding,
                RestoreStage.Restoring => plan.Restoring,
                _ => plan.Decoding,
            };
            string first = planned.Cost.Parts[1].Name;
            int evaluations = (planned.Tiles.Columns.Count + planned.TilesPerBatch - 1) / planned.TilesPerBatch;
            long[] alive = [.. watch.Blocks.Where(block => block.Stage == stage && block.Name == first).Select(block => block.Alive)];
            // The first rows of tiles find less: what is kept between rows begins with them.
            Assert.IsGreaterThan(3 * evaluations, alive.Length);
            Assert.AreEqual(alive[^(1 + evaluations)], alive[^1], $"{stage}: {string.Join(' ', alive)}");
        }
    }

    private sealed class Watch : IRestoreObserver, IProgress<RestoreProgress>
    {
        public List<(RestoreStage Stage, string Name, long Alive)> Blocks { get; } = [];

        public List<double> Fractions { get; } = [];

        public void Block(RestoreStage stage, string name) =>
            Blocks.Add((stage, name, DisposeScopeManager.Statistics.ThreadTotalLiveCount));

        public void Rows(string step, int start, torch.Tensor rows)
        {
        }

        public void Report(RestoreProgress value) => Fractions.Add(value.Fraction);
    }
}
