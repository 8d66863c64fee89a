namespace Hypir.Training.RunFolders;

/// <summary>A run's folder, held by one process at a time.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Acquires the folder, creating it if missing.</summary>
    /// <exception cref="OutputException">Another run holds it, or it cannot be written.</exception>
    public RunFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path);
            // The system releases the lock however the process ends.
            _lock = new FileStream(
                In("run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException failure) when (File.Exists(In("run.lock")))
        {
            throw new OutputException(
                $"Another run is at work in {Path}.", "Wait until it ends, stop it, or choose another output_dir.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"{Path} cannot be written: {failure.Message}", "Check that the folder is writable, or choose another output_dir.",
                failure);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The samples' folder.</summary>
    public string Samples => In("samples");

    /// <summary>The figures of all steps.</summary>
    public string Metrics => In("metrics.jsonl");

    /// <summary>The report.</summary>
    public string Report => In("report.html");

    /// <summary>The effective configuration.</summary>
    public string Config => In("config.yaml");

    /// <summary>The last batch of a failed run.</summary>
    public string FailedBatch => In("failed-batch.jsonl");

    /// <summary>A file or folder in it.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Releases the folder.</summary>
    public void Dispose() => _lock.Dispose();
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Step">Its step.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Score">Its validation score, higher is better; null if not measured.</param>
internal sealed record TrainCheckpoint(long Step, string Folder, double? Score)
{
    /// <summary>Whether only its shuffle pool is damaged or missing.</summary>
    public bool QueueLost { get; init; }

    /// <summary>A file in it.</summary>
    public string In(string name) => Path.Combine(Folder, name);
}

/// <summary>The contents of a checkpoint's <c>checkpoint.json</c>.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Step">The step.</param>
/// <param name="Score">Its validation score, or null.</param>
/// <param name="Files">Each file's XxHash128, in hexadecimal digits.</param>
internal sealed record CheckpointManifest(int Format, long Step, double? Score, IReadOnlyDictionary<string, string> Files);

/// <summary>
/// Checkpoints of the reference's trainer, which is written in Python: their weights can be used, but only Python can continue from them.
/// </summary>
internal static class PythonCheckpoint
{
    // The reference's file names and those of accelerate. Our checkpoints share the first two but also contain others.
    private static readonly string[] Weight = ["ema_state_dict.pth", "state_dict.pth"];

    private static readonly string[] Names = [.. Weight, "optimizer.bin", "scheduler.bin", "random_states_0.pkl"];
    private static readonly string[] Ours = ["checkpoint.json", "trainer.safetensors", "queue.safetensors", "state_dict.safetensors"];

    /// <summary>Whether a folder is such a checkpoint.</summary>
    public static bool Is(string folder) => Names.Any(name => Has(folder, name)) && !Ours.Any(name => Has(folder, name));

    /// <summary>The weights to start from: the averaged ones if available.</summary>
    public static string Weights(string folder) => Path.Combine(folder, Weight.FirstOrDefault(name => Has(folder, name)) ?? Weight[^1]);

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name));
}
