using System.Diagnostics;
using Hypir.Networks.Checkpoints;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Benchmarks;

/// <summary>The parameters of a start-up measurement.</summary>
internal sealed record StartJob
{
    /// <summary>The model's folder or file.</summary>
    public required string Model { get; init; }

    /// <summary>A file of LoRA weights to merge at start-up, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>Number of starts.</summary>
    public required int Rounds { get; init; }

    /// <summary>Device and precision.</summary>
    public required RestoreOptions Options { get; init; }
}

/// <summary>
/// Measures the start-up of a process with a model and, alternately, its lower bound: reading the files. Both read from the system's file
/// cache.
/// </summary>
internal sealed class StartRun(StartJob job, IMachine machine, CancellationToken cancellation)
{
    /// <summary>The option that marks a process started for measurement.</summary>
    public const string Once = "--start-once";

    private const string LoadedLine = "loaded", ReadyLine = "ready";

    private readonly ModelSource _model = ModelSource.Open(job.Model);

    /// <summary>Measures.</summary>
    /// <exception cref="HypirException">The model or an option is invalid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public StartResult Run()
    {
        ModelFacts facts = _model.Facts;
        ComputeChoice compute = ComputeChoice.Resolve(job.Options, facts, machine.Look());
        string[] files = [.. WeightFiles(), .. job.Lora is { } lora ? new[] { lora } : []];
        List<double> reading = [], loaded = [], ready = [];
        // Warm-up: the state of the file cache is unknown at first.
        Read(files);
        for (int round = 0; round < job.Rounds; round++)
        {
            reading.Add(Read(files));
            (double first, double second) = Start();
            loaded.Add(first);
            ready.Add(second);
        }

        return new(
            facts.Name, compute.Device, compute.UNet.ToString().ToLowerInvariant(), job.Rounds, files.Length,
            files.Sum(file => new FileInfo(file).Length), Spread.Of(reading), Spread.Of(loaded), Spread.Of(ready),
            Spread.Of(ready.Zip(reading, (start, read) => start / read)));
    }

    /// <summary>The work of the started process: it reports when the model is loaded and when the networks are ready.</summary>
    public void RunOnce()
    {
        using var restorer = Restorer.Load(_model, job.Options, machine.Look(), job.Lora, cancellation);
        Console.WriteLine(LoadedLine);
        restorer.Prepare(job.Options.Mode);
        Console.WriteLine(ReadyLine);
    }

    private IEnumerable<string> WeightFiles()
    {
        if (File.Exists(_model.Path))
            return [_model.Path];
        return new[] { "unet", "vae", "text_encoder" }
            .Select(part => CheckpointFolder.Find(Path.Combine(_model.Path, part)))
            .OfType<string>()
            .SelectMany(found =>
                !found.EndsWith(".json", StringComparison.Ordinal)
                    ? [found]
                    : Directory.GetFiles(Path.GetDirectoryName(found)!, $"{Path.GetFileName(found).Split('.')[0]}*-of-*")
            );
    }

    private double Read(string[] files)
    {
        var clock = Stopwatch.StartNew();
        var buffer = new byte[1 << 22];
        foreach (string path in files)
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            while (file.Read(buffer) > 0)
                cancellation.ThrowIfCancellationRequested();
        }

        return clock.Elapsed.TotalSeconds;
    }

    private (double Loaded, double Ready) Start()
    {
        ProcessStartInfo start = OwnProgram.With(Arguments());
        start.RedirectStandardOutput = true;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        using var ending = cancellation.Register(process.Kill);
        double loaded = Expect(LoadedLine), ready = Expect(ReadyLine);
        process.WaitForExit();
        return (loaded, ready);

        double Expect(string line)
        {
            string? said = process.StandardOutput.ReadLine();
            double seconds = clock.Elapsed.TotalSeconds;
            cancellation.ThrowIfCancellationRequested();
            return said == line
                ? seconds
                : throw new ModelException(
                    $"{job.Model}: the measured process exited before it was {line}.", "See its output above.");
        }
    }

    /// <summary>Arguments for one start of the same program with the same libtorch.</summary>
    private IEnumerable<string> Arguments()
    {
        yield return "bench";
        yield return Once;
        foreach (
            (string name, string? value) in new[]
            {
                ("--model", Path.GetFullPath(job.Model)),
                ("--lora", job.Lora),
                ("--libtorch", NativeTorch.Folder),
                ("--device", job.Options.Device),
                ("--precision", job.Options.Precision.ToString().ToLowerInvariant()),
            }
        )
        {
            if (value is null)
                continue;
            yield return name;
            yield return value;
        }
    }
}

/// <summary>The result of a start-up measurement.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">The device.</param>
/// <param name="Precision">The compute type.</param>
/// <param name="Rounds">Number of starts.</param>
/// <param name="Files">Number of weight files.</param>
/// <param name="Bytes">Total size of the weight files in bytes.</param>
/// <param name="Reading">Seconds to read the files.</param>
/// <param name="Loaded">Seconds from process start to the loaded model.</param>
/// <param name="Ready">Seconds from process start to networks that are ready to compute.</param>
/// <param name="Ratio">Ready divided by reading, per round.</param>
internal sealed record StartResult(
    string Model, string Device, string Precision, int Rounds, int Files, long Bytes, Spread Reading, Spread Loaded, Spread Ready,
    Spread Ratio);
