namespace Hypir.Training.RunFolders;

/// <summary>A run's folder, held by one process at a time.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Takes the folder; it is made where it is missing.</summary>
    /// <exception cref="OutputException">Another run holds it, or it cannot be written.</exception>
    public RunFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path);
            // The system lets go of it however the process ends.
            _lock = new FileStream(In("run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException failure) when (File.Exists(In("run.lock")))
        {
            throw new OutputException($"Another run is at work in {Path}.", "Wait for its end, stop it, or choose another output_dir.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{Path} cannot be written: {failure.Message}", "Check that the folder may be written, or choose another output_dir.", failure);
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

    /// <summary>The configuration in force.</summary>
    public string Config => In("config.yaml");

    /// <summary>What the last run that failed was working on.</summary>
    public string FailedBatch => In("failed-batch.jsonl");

    /// <summary>A file or folder in it.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();
}
