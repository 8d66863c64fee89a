using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using TorchSharp;

namespace Hypir.Engine.Benchmarks;

/// <summary>The parameters of a benchmark.</summary>
internal sealed record BenchJob
{
    /// <summary>The model's folder or file.</summary>
    public required string Model { get; init; }

    /// <summary>A file of LoRA weights, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>Side length of the image in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>The ways of computing: "fast", "reference", or "unmerged".</summary>
    public required IReadOnlyList<string> Ways { get; init; }

    /// <summary>Number of measurements of each.</summary>
    public required int Rounds { get; init; }

    /// <summary>Whether to measure single tiles and extrapolate.</summary>
    public required bool Sample { get; init; }

    /// <summary>Device and precision.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>Parses a list of ways.</summary>
    /// <returns>The ways; null if one is unknown or the list is empty.</returns>
    public static IReadOnlyList<string>? ParseWays(string text)
    {
        string[] ways = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            known = ["fast", "reference", "unmerged"];
        string? wrong = ways.FirstOrDefault(way => !known.Contains(way, StringComparer.Ordinal));
        return wrong is null && ways.Length > 0 ? ways : null;
    }

    /// <summary>The options of a way.</summary>
    public RestoreOptions Of(string way) =>
        Options with
        {
            Mode = way == "fast" ? RestoreMode.Fast : RestoreMode.Reference,
            Unmerged = way == "unmerged",
        };
}

/// <summary>
/// Measures several ways of restoring alternately, round by round. Other load on the machine affects all of them equally, so ratios are
/// more reliable than seconds.
/// </summary>
internal sealed class BenchRun(BenchJob job, IMachine machine, CancellationToken cancellation)
{
    private readonly ModelSource _model = ModelSource.Open(job.Model);
    private readonly List<double> _matmul = [];

    private IReadOnlyList<RestoreStage> Stages => _model.Facts.SinglePass is null
        ? [RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding]
        : [RestoreStage.Restoring];

    /// <summary>Measures.</summary>
    /// <exception cref="HypirException">The model or an option is invalid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BenchResult Run()
    {
        MachineFacts here = machine.Look();
        if (_model.Facts.SinglePass is not null && job.Sample)
            throw new PlanException("sample", "Only models with three stages can be measured by single tiles.", "Omit --sample.");
        List<Way> ways = [];
        try
        {
            foreach (string name in job.Ways)
            {
                RestorePlan plan = RestorePlan.Create(job.Size, job.Size, false, Of(name), _model.Facts, here);
                ways.Add(new(name, plan, Load(name, ways, here), Stages));
            }

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

    /// <summary>The options of a way; single-pass networks enlarge as far as one evaluation does.</summary>
    private RestoreOptions Of(string way) =>
        _model.Facts.SinglePass is { } network ? job.Of(way) with { Upscale = network.Scale } : job.Of(way);

    /// <summary>Fast and reference share one model; unmerged weights need a separate one.</summary>
    private (Restorer Restorer, double Seconds) Load(string name, List<Way> ways, MachineFacts here)
    {
        if (ways.FirstOrDefault(way => way.Plan.Options.Unmerged == Of(name).Unmerged) is { } other)
            return (other.Restorer, other.Load);
        var clock = Stopwatch.StartNew();
        return (Restorer.Load(_model, Of(name), here, job.Lora, cancellation), clock.Elapsed.TotalSeconds);
    }

    private void Measure(Way way)
    {
        if (job.Sample)
        {
            foreach (RestoreStage stage in Stages)
            {
                cancellation.ThrowIfCancellationRequested();
                // The first of many tiles allocates memory and prepares kernels, so it is not representative.
                if (way.Of(stage).Count == 0)
                    way.Restorer.MeasureTile(way.Plan, stage);
                way.Of(stage).Add(Plan(way.Plan, stage).Tiles.Count * way.Restorer.MeasureTile(way.Plan, stage));
            }

            way.Whole.Add(Stages.Sum(stage => way.Of(stage)[^1]));
            return;
        }

        var image = new RasterImage(job.Size, job.Size, 8, Samples(), null);
        var clock = new StageClock();
        way.Restorer.Restore(image, way.Plan, clock, cancellation);
        clock.End();
        foreach (RestoreStage stage in Stages)
            way.Of(stage).Add(clock.Of(stage));
        way.Whole.Add(clock.Whole);
    }

    /// <summary>A smooth image with deterministic grain.</summary>
    private byte[] Samples()
    {
        var random = new Random(1);
        var samples = new byte[3 * job.Size * job.Size];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)(
                128 + 60 * Math.Sin(i / 3 % job.Size / 40.0 + i % 3) + 40 * Math.Cos(i / 3 / job.Size / 30.0) + random.Next(-12, 13));
        return samples;
    }

    private static double Matmul(RestorePlan plan)
    {
        const int Side = 2048, Times = 3;
        using var scope = torch.NewDisposeScope();
        torch.Tensor a = torch.randn([Side, Side], device: torch.device(plan.Compute.TorchDevice));
        double best = double.MaxValue;
        for (int i = 0; i <= Times; i++)
        {
            var clock = Stopwatch.StartNew();
            a.matmul(a)[0, 0].to(torch.CPU);
            // The first product is a warm-up.
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
            first.Model.Name,
            first.Compute.Device,
            first.Compute.UNet.ToString().ToLowerInvariant(),
            job.Size,
            job.Sample,
            job.Rounds,
            matmul,
            [
                .. ways.Select(way => new WayResult(
                    way.Name, way.Load, Spread.Of(way.Whole), [.. Stages.Select(stage => Result(way, stage, matmul))])),
            ],
            ways.Count < 2 ? null : Spread.Of(ways[0].Whole.Zip(ways[^1].Whole, (before, after) => before / after)),
            Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static StageResult Result(Way way, RestoreStage stage, Spread matmul)
    {
        StagePlan plan = Plan(way.Plan, stage);
        Spread seconds = Spread.Of(way.Of(stage));
        double gigaflop = plan.Operations / 1e9;
        return new(
            stage, plan.Tiles.Count, plan.Tiles.Rows.Tile, plan.Tiles.Columns.Tile, gigaflop, seconds,
            gigaflop / seconds.Median / matmul.Median);
    }

    private static StagePlan Plan(RestorePlan plan, RestoreStage stage) => stage switch
    {
        RestoreStage.Encoding => plan.Encoding,
        RestoreStage.Restoring => plan.Restoring,
        _ => plan.Decoding,
    };

    /// <summary>A way of computing and its measurements.</summary>
    private sealed class Way(
        string name, RestorePlan plan, (Restorer Restorer, double Seconds) loaded, IReadOnlyList<RestoreStage> stages)
    {
        private readonly Dictionary<RestoreStage, List<double>> _seconds = stages.ToDictionary(stage => stage, _ => new List<double>());

        public string Name => name;

        public RestorePlan Plan => plan;

        public Restorer Restorer => loaded.Restorer;

        public double Load => loaded.Seconds;

        public List<double> Whole { get; } = [];

        public List<double> Of(RestoreStage stage) => _seconds[stage];
    }
}

/// <summary>The spread of several measurements, in seconds.</summary>
/// <param name="Min">The minimum.</param>
/// <param name="Median">The median.</param>
/// <param name="Max">The maximum.</param>
internal sealed record Spread(double Min, double Median, double Max)
{
    /// <summary>The spread of at least one number.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(
            sorted[0],
            sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2,
            sorted[^1]
        );
    }
}

/// <summary>The measurements of one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Tiles">Number of tiles.</param>
/// <param name="Height">Rows of a tile, in pixels or latent positions.</param>
/// <param name="Width">Columns of a tile.</param>
/// <param name="Gigaflop">Operations of the plain network over all tiles, in 10^9.</param>
/// <param name="Seconds">Time for all tiles.</param>
/// <param name="Share">Throughput relative to a matrix product in the same run, from the medians.</param>
internal sealed record StageResult(RestoreStage Stage, int Tiles, int Height, int Width, double Gigaflop, Spread Seconds, double Share);

/// <summary>The measurements of one way of computing.</summary>
/// <param name="Way">Its name.</param>
/// <param name="Load">Seconds to load the model.</param>
/// <param name="Seconds">Time for the image.</param>
/// <param name="Stages">The stages that run networks.</param>
internal sealed record WayResult(string Way, double Load, Spread Seconds, IReadOnlyList<StageResult> Stages);

/// <summary>The result of a benchmark.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">The device.</param>
/// <param name="Precision">The compute type.</param>
/// <param name="Size">Side length of the image.</param>
/// <param name="Extrapolated">Whether the times are extrapolated from single tiles.</param>
/// <param name="Rounds">Number of rounds.</param>
/// <param name="Matmul">Throughput of a matrix product of 2048³, in 10^9 operations per second.</param>
/// <param name="Ways">The ways, in the requested order.</param>
/// <param name="Ratio">Speedup of the last way over the first, per round; null if there is only one way.</param>
/// <param name="PeakMemory">Peak memory of the process in bytes.</param>
internal sealed record BenchResult(
    string Model, string Device, string Precision, int Size, bool Extrapolated, int Rounds, Spread Matmul, IReadOnlyList<WayResult> Ways,
    Spread? Ratio, long PeakMemory);

/// <summary>Measures the time of each stage from progress reports.</summary>
internal sealed class StageClock : IProgress<RestoreProgress>
{
    private readonly Dictionary<RestoreStage, double> _seconds = [];
    private readonly Stopwatch _whole = Stopwatch.StartNew();
    private RestoreStage _stage;
    private double _since;

    /// <summary>Total seconds of all stages.</summary>
    public double Whole => _seconds.Values.Sum();

    /// <summary>Seconds of a stage.</summary>
    public double Of(RestoreStage stage) => _seconds.GetValueOrDefault(stage);

    /// <inheritdoc/>
    public void Report(RestoreProgress value)
    {
        if (value.Stage == _stage)
            return;
        End();
        _stage = value.Stage;
    }

    /// <summary>Ends the current stage.</summary>
    public void End()
    {
        double now = _whole.Elapsed.TotalSeconds;
        _seconds[_stage] = Of(_stage) + now - _since;
        _since = now;
    }
}
