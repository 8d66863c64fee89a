using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Machine;
using Hypir.Restoration.Planning.Tiles;
using TorchSharp;

namespace Hypir.Engine.Benchmarks;

/// <summary>
/// Measures ways of restoring in turn, round by round: what else the machine does meanwhile falls on all of them, and their ratio stands where seconds do not.
/// </summary>
internal sealed class BenchRun(BenchJob job, IMachine machine, CancellationToken cancellation)
{
    private static readonly RestoreStage[] Stages = [RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding];
    private readonly ModelFolder _model = ModelFolder.Open(job.Model);
    private readonly List<double> _matmul = [];

    /// <summary>Measures.</summary>
    /// <exception cref="HypirException">The model or an option is refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BenchResult Run()
    {
        ModelFacts facts = ModelFacts.Read(_model);
        MachineFacts here = machine.Look();
        List<Way> ways = [];
        try
        {
            foreach (string name in job.Ways)
                ways.Add(new(name, RestorePlan.Create(job.Size, job.Size, false, job.Of(name), facts, here), Load(name, ways, here)));
            for (int round = 0; round < job.Rounds; round++)
            {
                _matmul.Add(Matmul(ways[0].Plan));
                foreach (Way way in ways)
                    Measure(way);
            }

            return Result(ways);
        }
        finally
        {
            foreach (Restorer restorer in ways.Select(way => way.Restorer).Distinct())
                restorer.Dispose();
        }
    }

    /// <summary>Fast and reference share a model; unmerged weights need one of their own.</summary>
    private (Restorer Restorer, double Seconds) Load(string name, List<Way> ways, MachineFacts here)
    {
        if (ways.FirstOrDefault(way => way.Plan.Options.Unmerged == job.Of(name).Unmerged) is { } other)
            return (other.Restorer, other.Load);
        var clock = Stopwatch.StartNew();
        return (Restorer.Load(_model, job.Of(name), here, job.Lora, cancellation), clock.Elapsed.TotalSeconds);
    }

    private void Measure(Way way)
    {
        if (job.Sample)
        {
            foreach (RestoreStage stage in Stages)
            {
                cancellation.ThrowIfCancellationRequested();
                // The first tile of many makes memory and kernels ready: it does not stand for the others.
                if (way.Of(stage).Count == 0)
                    way.Restorer.MeasureTile(way.Plan, stage);
                way.Of(stage).Add(Plan(way.Plan, stage).Tiles.Count * way.Restorer.MeasureTile(way.Plan, stage));
            }

            way.Whole.Add(Stages.Sum(stage => way.Of(stage)[^1]));
            return;
        }

        var picture = new RasterImage(job.Size, job.Size, 8, Samples(), null);
        var clock = new StageClock();
        way.Restorer.Restore(picture, way.Plan, clock, cancellation);
        clock.End();
        foreach (RestoreStage stage in Stages)
            way.Of(stage).Add(clock.Of(stage));
        way.Whole.Add(clock.Whole);
    }

    /// <summary>A smooth picture with grain, the same each time.</summary>
    private byte[] Samples()
    {
        var random = new Random(1);
        var samples = new byte[3 * job.Size * job.Size];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)(128 + 60 * Math.Sin(i / 3 % job.Size / 40.0 + i % 3) + 40 * Math.Cos(i / 3 / job.Size / 30.0) + random.Next(-12, 13));
        return samples;
    }

    private static double Matmul(RestorePlan plan)
    {
        const int Side = 2048, Times = 3;
        using var scope = torch.NewDisposeScope();
        torch.Tensor a = torch.randn([Side, Side], device: torch.device(plan.Compute.Device));
        double best = double.MaxValue;
        for (int i = 0; i <= Times; i++)
        {
            var clock = Stopwatch.StartNew();
            a.matmul(a)[0, 0].to(torch.CPU);
            // The first one makes the library ready.
            if (i > 0)
                best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return 2.0 * Side * Side * Side / best / 1e9;
    }

    private BenchResult Result(List<Way> ways)
    {
        Spread matmul = Spread.Of(_matmul);
        RestorePlan first = ways[0].Plan;
        return new(
            first.Model.Name, first.Compute.Device, first.Compute.UNet.ToString().ToLowerInvariant(), job.Size, job.Sample, job.Rounds, matmul,
            [.. ways.Select(way => new WayResult(way.Name, way.Load, Spread.Of(way.Whole), [.. Stages.Select(stage => Result(way, stage, matmul))]))],
            ways.Count < 2 ? null : Spread.Of(ways[0].Whole.Zip(ways[^1].Whole, (before, after) => before / after)),
            Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static StageResult Result(Way way, RestoreStage stage, Spread matmul)
    {
        StagePlan plan = Plan(way.Plan, stage);
        Spread seconds = Spread.Of(way.Of(stage));
        double gigaflop = plan.Operations / 1e9;
        return new(stage, plan.Tiles.Count, plan.Tiles.Rows.Tile, plan.Tiles.Columns.Tile, gigaflop, seconds, gigaflop / seconds.Median / matmul.Median);
    }

    private static StagePlan Plan(RestorePlan plan, RestoreStage stage) => stage switch
    {
        RestoreStage.Encoding => plan.Encoding,
        RestoreStage.Restoring => plan.Restoring,
        _ => plan.Decoding,
    };

    /// <summary>A way and what was measured of it.</summary>
    private sealed class Way(string name, RestorePlan plan, (Restorer Restorer, double Seconds) loaded)
    {
        private readonly Dictionary<RestoreStage, List<double>> _seconds = Stages.ToDictionary(stage => stage, _ => new List<double>());

        public string Name => name;

        public RestorePlan Plan => plan;

        public Restorer Restorer => loaded.Restorer;

        public double Load => loaded.Seconds;

        public List<double> Whole { get; } = [];

        public List<double> Of(RestoreStage stage) => _seconds[stage];
    }
}
