using Hypir.Training.Config;
using Hypir.Training.Logging;
using Hypir.Training.Models;
using Hypir.Training.RunFolders;

namespace Hypir.Training.Resuming;

/// <summary>The files of an earlier run in a folder, none of which may be overwritten.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="settings">The run that is about to write there.</param>
internal sealed class RunTraces(RunFolder folder, TrainSettings settings)
{
    private static readonly string[] Finished = ["lora.safetensors", "lora.pth"];

    private string[] Weights =>
    [
        .. Finished.Where(name => File.Exists(folder.In(name))),
        .. settings.Kind == TrainKind.FromScratch && Directory.Exists(folder.In("model/unet")) ? (string[])["model"] : [],
        .. settings.Kind == TrainKind.SinglePass ? new[] { SinglePassTraining.File }.Where(name => File.Exists(folder.In(name))) : [],
    ];

    /// <summary>
    /// Describes checkpoints, finished weights, and a log that extends beyond the first checkpoint. A shorter log belongs to a run that has
    /// not saved anything.
    /// </summary>
    public IReadOnlyList<string> Describe()
    {
        string[] checkpoints = [.. TrainCheckpoints.Folders(folder.Path).Select(Describe)];
        long steps = LoggedSteps;
        bool reached = checkpoints.Length > 0 || Weights.Length > 0 || steps > settings.CheckpointingSteps;
        return reached ? [.. checkpoints, .. Weights, .. steps > 0 ? [$"metrics.jsonl up to step {steps}"] : (string[])[]] : [];
    }

    /// <summary>Whether there is a log of at least one batch.</summary>
    public bool HasLog => File.Exists(folder.Metrics) && new FileInfo(folder.Metrics).Length > 0;

    /// <summary>
    /// Moves everything that a run writes into a folder <c>earlier-run-N</c> on the same disk, so nothing is copied or lost.
    /// </summary>
    /// <returns>That folder; null if there was nothing to move.</returns>
    /// <exception cref="OutputException">Something cannot be moved.</exception>
    public string? MoveAside()
    {
        string[] files =
        [
            folder.Metrics,
            folder.Report,
            folder.Config,
            folder.FailedBatch,
            folder.Samples,
            .. Logs,
            .. Weights.Select(folder.In),
        ];
        string[] left = [.. TrainCheckpoints.All(folder.Path), .. files.Where(Path.Exists)];
        if (left.Length == 0)
            return null;
        var targets = Enumerable.Range(1, int.MaxValue).Select(number => folder.In($"earlier-run-{number}"));
        string target = targets.First(path => !Path.Exists(path));
        try
        {
            Directory.CreateDirectory(target);
            foreach (string path in left)
                Directory.Move(path, Path.Combine(target, Path.GetFileName(path)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The earlier run cannot be moved to {target}: {failure.Message}",
                "Close programs that have its files open, or choose another output_dir.", failure);
        }
        return target;
    }

    /// <summary>Logs configured to be elsewhere stay there.</summary>
    private string[] Logs => settings.LoggingDirectory is var logs && Path.GetFileName(logs) == logs && logs is not ("" or "." or "..")
        ? [folder.In(logs)]
        : [];

    private long LoggedSteps => !HasLog ? 0
        : MetricsLog.Read(folder.Metrics).Values.SelectMany(curve => curve).Select(point => point.Step).DefaultIfEmpty().Max();

    private static string Describe(string checkpoint) => TrainCheckpoints.Verify(checkpoint, out string? problem) is null
        ? $"{Path.GetFileName(checkpoint)} ({problem!.TrimEnd('.')})"
        : Path.GetFileName(checkpoint);
}
