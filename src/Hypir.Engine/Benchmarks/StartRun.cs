using System.Diagnostics;
using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Libraries;
using Hypir.Networks.Models;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Machine;

namespace Hypir.Engine.Benchmarks;

/// <summary>Of what the start is to be measured.</summary>
internal sealed record StartJob
{
    /// <summary>The model's folder or file.</summary>
    public required string Model { get; init; }

    /// <summary>A file of LoRA weights, which are merged as it starts, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>How often it is started.</summary>
    public required int Rounds { get; init; }

    /// <summary>Device and precision.</summary>
    public required RestoreOptions Options { get; init; }
}

/// <summary>
/// Measures the start of a process with a model, and in turn what no start can do without: reading the files. Both find them in the
/// system's cache.
/// </summary>
internal sealed class StartRun(StartJob job, IMachine machine, CancellationToken cancellation)
{
    /// <summary>The option of a process that is started to be measured.</summary>
    public const string Once = "--start-once";

    private const string LoadedLine = "loaded", ReadyLine = "ready";

    private readonly ModelFolder _model = ModelFolder.Open(job.Model);

    /// <summary>Measures.</summary>
    /// <exception cref="HypirException">The model or an option is refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public StartResult Run()
    {
        ModelFacts facts = ModelFacts.Read(_model);
        ComputeChoice compute = ComputeChoice.Resolve(job.Options, facts.Needs, machine.Look());
        string[] files = [.. WeightFiles(), .. job.Lora is { } lora ? new[] { lora } : []];
        List<double> reading = [], loaded = [], ready = [];
        // The first time nobody knows what the cache holds.
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

    /// <summary>What the started process does: it says when the model is loaded and when its networks are ready.</summary>
    public void RunOnce()
    {
        using var restorer = Restorer.Load(_model, job.Options, machine.Look(), job.Lora, cancellation);
        Console.WriteLine(LoadedLine);
        restorer.Prepare(job.Options.Mode);
        Console.WriteLine(ReadyLine);
    }

    private IEnumerable<string> WeightFiles()
    {
        if (_model.IsSingleFile)
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
                    $"{job.Model}: a process that was started with it ended before it was {line}.", "What it said stands above.");
        }
    }

    /// <summary>The same program, the same libtorch, one start.</summary>
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

/// <summary>How long a start takes.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="Precision">In which type.</param>
/// <param name="Rounds">How often it was started.</param>
/// <param name="Files">Files of weights.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Reading">Seconds of only reading the files.</param>
/// <param name="Loaded">Seconds from starting a process to a loaded model.</param>
/// <param name="Ready">Seconds from starting a process to networks that are ready to compute.</param>
/// <param name="Ratio">Ready over reading, round by round.</param>
internal sealed record StartResult(
    string Model, string Device, string Precision, int Rounds, int Files, long Bytes, Spread Reading, Spread Loaded, Spread Ready,
    Spread Ratio);
