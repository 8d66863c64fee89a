namespace Hypir.Engine.Restoring;

/// <summary>
/// Counts what became of a run's images. A result counts as soon as it is in place, and a signal may end the process from another thread:
/// that is why it has a lock.
/// </summary>
internal sealed class RunTally
{
    private readonly Lock _one = new();
    private readonly HashSet<int> _over = [];
    private readonly List<Exception> _failures = [];
    private IReadOnlyList<ImageJob> _images = [];
    private RestoreCommandOptions? _job;
    private int _restored, _kept;

    /// <summary>Images that were restored.</summary>
    public int Restored => Read(() => _restored);

    /// <summary>Images whose results already existed.</summary>
    public int Kept => Read(() => _kept);

    /// <summary>What failed: images, and folders that could not be searched.</summary>
    public IReadOnlyList<Exception> Failures => Read(() => _failures.ToArray());

    /// <summary>The images are known.</summary>
    public void Begin(IReadOnlyList<ImageJob> images, RestoreCommandOptions job) => Read(() => (_images, _job) = (images, job));

    /// <summary>An image was restored.</summary>
    public void Restore(int image) => Read(() => (_over.Add(image), _restored++));

    /// <summary>An image's result already existed.</summary>
    public void Keep(int image) => Read(() => (_over.Add(image), _kept++));

    /// <summary>An image failed, or a folder if it is null.</summary>
    public void Fail(int? image, Exception failure) => Read(() =>
    {
        _failures.Add(failure);
        return image is { } index && _over.Add(index);
    });

    /// <summary>What to report if the run is cancelled at this moment.</summary>
    public CancelledRunException Cancelled() => Read(() =>
    {
        // A single image is simply not restored, and a dry run leaves nothing to continue.
        if (_images.Count < 2 || _job is not { DryRun: false } job)
            return new CancelledRunException("Cancelled.", null);
        string[] left = [.. _images.Index().Where(image => !_over.Contains(image.Index)).Select(image => image.Item.Name)];
        string told = FormattableString.Invariant(
            $"Cancelled: {_restored} restored, {_kept} kept, {_failures.Count} failed, {left.Length} of {_images.Count} images left.");
        return new(told, left.Length == 0 ? null : HowToContinue(job))
        {
            Progress = new(_restored, _kept, _failures.Count, left),
        };
    });

    private static string HowToContinue(RestoreCommandOptions job) => job switch
    {
        { Existing: ExistingResults.Overwrite } =>
            "Repeating the command starts over. With --resume instead of --overwrite, all results that exist are kept.",
        { Existing: ExistingResults.Number } => "Repeating the command restores all of them again, under new numbers.",
        { Resume: true } => "Repeat the command to continue; finished results are kept.",
        _ => "Repeat the command with --resume to continue; finished results are kept.",
    };

    private T Read<T>(Func<T> read)
    {
        lock (_one)
            return read();
    }
}

/// <summary>A run was cancelled by a signal.</summary>
/// <param name="message">How far it got.</param>
/// <param name="remedy">How to continue; null if there is nothing to continue.</param>
internal sealed class CancelledRunException(string message, string? remedy) : OperationCanceledException(message)
{
    /// <summary>How to continue; null if there is nothing to continue.</summary>
    public string? Remedy => remedy;

    /// <summary>How far it got; null if it had a single image.</summary>
    public CancelledProgress? Progress { get; init; }
}

/// <summary>How far a cancelled run got.</summary>
/// <param name="Restored">Number of restored images.</param>
/// <param name="Kept">Number of images whose results already existed.</param>
/// <param name="Failed">Number of failures.</param>
/// <param name="Left">The names of all other images.</param>
internal sealed record CancelledProgress(int Restored, int Kept, int Failed, IReadOnlyList<string> Left);
