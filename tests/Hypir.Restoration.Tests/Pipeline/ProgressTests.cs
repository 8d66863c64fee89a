using System.Globalization;
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
        // A start that takes as long as all the rest hardly counts.
        clock.Pass(80);
        meter.BeginTile(0);
        meter.Block();
        RestoreProgress early = reports[^1];
        Assert.IsTrue(early.Fraction is > 0 and < 0.05 && early.Remaining!.Value.TotalSeconds is > 60 and < 80 * 8, early.ToString());
        for (int tile = 0; tile < plan.Encoding.Tiles.Count; tile++)
        {
            meter.BeginTile(tile);
            meter.EndTile();
        }

        meter.Begin(RestoreStage.Restoring);
        for (int tile = 0; tile < plan.Restoring.Tiles.Count; tile++)
        {
            meter.BeginTile(tile);
            meter.EndTile();
        }

        // Later, the time that passed is to what was done as the time left is to the rest. The clock was read once since.
        RestoreProgress last = reports[^1];
        double elapsed = clock.Seconds - 1;
        Assert.IsTrue(last.Fraction is > 0.25 and < 1, last.ToString());
        Assert.AreEqual(elapsed / last.Fraction, last.Remaining!.Value.TotalSeconds + elapsed, 1e-3);
        new ProgressMeter(plan with { Seconds = null }, reports, clock).Begin(RestoreStage.Encoding);
        Assert.IsNull(reports[^1].Remaining, "Nothing is known yet.");
    }

    [TestMethod]
    public void A_speed_is_measured_before_the_first_image()
    {
        using var restorer = Machine.Load(Machine.Nano, Options);
        double speed = restorer.MeasureSpeed(Options with { Upscale = 3, Strength = 0.5 }, Machine.Facts)!.Value;
        RestorePlan plan = Machine.Plan(Machine.Nano, Options, 110, 75);
        Assert.AreEqual(plan.Operations / speed, plan.AtSpeed(speed).Seconds!.Value, 1e-9);
        Assert.IsTrue(speed is > 1e6 and < 1e15, speed.ToString(CultureInfo.InvariantCulture));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => restorer.MeasureSpeed(Options, Machine.Facts, cancelled.Token));
    }

    [TestMethod]
    public void A_small_measurement_is_never_cut_off()
    {
        // 4 billion operations: 0.3 s at 13 billion a second, a slow CPU of today.
        RestorePlan small = Machine.Plan(Machine.Nano, Options, 64, 64), large = Machine.Plan(Machine.Nano, Options, 4000, 3000);
        Assert.IsTrue(small.Operations < 4e9 && large.Operations > 4e9, $"{small.Operations:g3} {large.Operations:g3}");
        Assert.AreEqual(Timeout.InfiniteTimeSpan, SpeedProbe.LimitOf(small));
        Assert.AreEqual(TimeSpan.FromSeconds(0.3), SpeedProbe.LimitOf(large));
    }

    [TestMethod]
    public void A_map_of_a_model_with_noise_takes_two_runs()
    {
        RestorePlan plan = Machine.Plan(Machine.Nano, Options, 110, 75);
        RestorePlan map = Machine.Plan(Machine.Nano, Options with { Map = true }, 110, 75);
        Assert.AreEqual((1, 2), (plan.Runs, map.Runs));
        Assert.AreEqual(2 * plan.AtSpeed(1e9).Seconds!.Value, map.AtSpeed(1e9).Seconds!.Value, 1e-9);
        Assert.AreEqual(1, Machine.Plan(Machine.Nano, Options with { Map = true, Strength = 0 }, 110, 75).Runs);
        using var restorer = Machine.Load(Machine.Nano, Options);
        var reports = new Reports();
        byte[] pixels = new byte[3 * 110 * 75];
        new Random(1).NextBytes(pixels);
        RasterImage image = new(110, 75, 8, pixels);
        RestoreResult result = restorer.Restore(image, map.AtSpeed(1e9), reports);
        double[] fractions = [.. reports.Select(report => report.Fraction)];
        CollectionAssert.AreEqual(fractions.Order().ToArray(), fractions);
        Assert.IsTrue(fractions.Any(fraction => fraction is > 0.4 and < 0.5) && fractions[^1] == 1);
        Assert.AreEqual((110, 75), (result.Map!.Width, result.Map.Height));
        CollectionAssert.AreEqual(restorer.Restore(image, plan).Image.Rgb, result.Image.Rgb);
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

        public void Pass(long seconds) => Seconds += seconds;

        public override long GetTimestamp() => Seconds++;
    }

    private sealed class Reports : List<RestoreProgress>, IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => Add(value);
    }
}
