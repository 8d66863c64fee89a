using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class ProgressTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 64, Stride = 32 };

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_is_executed_is_what_the_plan_says(bool tiny)
    {
        using var scope = NewDisposeScope();
        ModelFolder model = tiny ? Machine.Tiny() : Machine.Nano;
        using var restorer = Machine.Load(model, Options);
        Tensor image = rand(1, 3, 75, 110);
        RestorePlan plan = Machine.Plan(model, Options, 110, 75);
        StepRecorder steps = Machine.Run(restorer, image, Options, scope);
        foreach ((RestoreStage stage, StagePlan planned) in new[]
        {
            (RestoreStage.Encoding, plan.Encoding), (RestoreStage.Restoring, plan.Restoring), (RestoreStage.Decoding, plan.Decoding),
        })
        {
            Assert.IsTrue(planned.Tiles.Count > 1);
            string[] blocks = [.. planned.Cost.Parts.Skip(1).Select(part => part.Name)];
            int evaluations =
                planned.Tiles.Rows.Count * ((planned.Tiles.Columns.Count + planned.TilesPerBatch - 1) / planned.TilesPerBatch);
            string[] expected = [.. Enumerable.Repeat(blocks, evaluations).SelectMany(names => names)];
            CollectionAssert.AreEqual(
                expected, steps.Blocks.Where(block => block.Stage == stage).Select(block => block.Name).ToArray(), $"{stage}");
        }
        PixelSize padded = plan.Sizes.Padded;
        CollectionAssert.AreEqual(new long[] { 1, 3, padded.Height, padded.Width }, steps["vae_decoding"].shape);
    }

    [TestMethod]
    public void Progress_never_falls_moves_within_tiles_and_ends_with_all()
    {
        RasterImage input = Images.Random(110, 75, 8);
        using var restorer = Machine.Load(Machine.Nano, Options, clock: new SteppingClock());
        RestorePlan plan = Machine.Plan(Machine.Nano, Options, 110, 75);
        var reports = new Reports();
        restorer.Restore(input, plan, reports);
        Assert.AreEqual(0, reports[0].Fraction);
        Assert.AreEqual(1, reports[^1].Fraction);
        for (int i = 1; i < reports.Count; i++)
        {
            Assert.IsTrue(reports[i].Fraction >= reports[i - 1].Fraction);
            Assert.IsTrue(reports[i].Stage >= reports[i - 1].Stage, "Stages follow each other.");
            Assert.IsTrue(reports[i].Tile <= reports[i].Tiles);
        }
        CollectionAssert.AreEqual(
            new[] { RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding, RestoreStage.Finishing },
            reports.Select(report => report.Stage).Distinct().ToArray()
        );
        var first = reports
            .Where(report => report is { Stage: RestoreStage.Restoring, Tile: 0 })
            .Select(report => report.Fraction)
            .Distinct()
            .ToArray();
        Assert.IsTrue(first.Length > 5, "It moves within a tile.");
        Assert.IsTrue(
            first.Zip(first.Skip(1)).All(pair => pair.Second - pair.First < 0.5 * (first[^1] - first[0]) + 1e-9) || first.Length > 20);
        Assert.IsTrue(reports.Any(report => report is { Stage: RestoreStage.Decoding } && report.Tile == plan.Decoding.Tiles.Count));
        Assert.AreEqual(TimeSpan.Zero, reports[^1].Remaining);
    }

    [TestMethod]
    public void Time_left_is_the_plans_until_enough_was_done_to_tell()
    {
        RestorePlan plan = Machine.Plan(Machine.Nano, Options, 110, 75) with { Seconds = 80 };
        var reports = new Reports();
        var clock = new SteppingClock();
        var meter = new ProgressMeter(plan, reports, clock);
        meter.Begin(RestoreStage.Encoding);
        Assert.AreEqual(80, reports[^1].Remaining!.Value.TotalSeconds, 1e-6);
        for (int tile = 0; tile < plan.Encoding.Tiles.Count; tile++)
        {
            meter.BeginTile(tile);
            meter.EndTile();
        }
        // Whatever the share that was done, the time that passed is to it as the time left is to the rest. The clock was read once since.
        RestoreProgress last = reports[^1];
        double elapsed = clock.Seconds - 1;
        Assert.IsTrue(last.Fraction is > 0.02 and < 1);
        Assert.AreEqual(elapsed / last.Fraction, (last.Remaining!.Value.TotalSeconds + elapsed), 1e-3);
        new ProgressMeter(plan with { Seconds = null }, reports, clock).Begin(RestoreStage.Encoding);
        Assert.IsNull(reports[^1].Remaining, "Nothing is known yet.");
    }

    [TestMethod]
    public void A_job_without_the_model_has_progress_too()
    {
        using var restorer = Machine.Load(Machine.Nano, Options);
        var reports = new Reports();
        restorer.Restore(Images.Random(110, 75, 8), Machine.Plan(Machine.Nano, Options with { Strength = 0 }, 110, 75), reports);
        Assert.AreEqual(1, reports[^1].Fraction);
    }

    /// <summary>Each look at it takes a second.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        public long Seconds { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds++;
    }

    private sealed class Reports : List<RestoreProgress>, IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => Add(value);
    }
}
