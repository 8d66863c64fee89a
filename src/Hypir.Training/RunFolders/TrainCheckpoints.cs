using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Hypir.Core.Files;
using Hypir.Training.Loop;

namespace Hypir.Training.RunFolders;

/// <summary>
/// The checkpoints of a run: folders <c>checkpoint-STEP</c>. Each is written under another name and renamed when complete, with the hashes
/// of its files, so that damage is detected.
/// </summary>
/// <param name="folder">The run's folder.</param>
internal sealed class TrainCheckpoints(string folder)
{
    private const int Format = 1;
    private const string Prefix = "checkpoint-", Temporary = ".tmp", ManifestName = "checkpoint.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="step">Its step; an older checkpoint of that step is replaced.</param>
    /// <param name="score">Its validation score, or null.</param>
    /// <param name="bytes">Its approximate size in bytes.</param>
    /// <param name="write">Writes the files into the given folder.</param>
    /// <exception cref="OutputException">It cannot be written; older ones are kept.</exception>
    public TrainCheckpoint Save(long step, double? score, long bytes, Action<string> write)
    {
        string target = FolderOf(step), temporary = target + Temporary;
        try
        {
            Remove(temporary);
            Directory.CreateDirectory(temporary);
            if (Missing(bytes) > 0)
                throw new IOException("There is not enough space on the disk.");
            write(temporary);
            var hashes = Directory
                .EnumerateFiles(temporary)
                .Order(StringComparer.Ordinal)
                .ToDictionary(file => Path.GetFileName(file), Hash, StringComparer.Ordinal);
            using (var stream = new FileStream(Path.Combine(temporary, ManifestName), FileMode.CreateNew))
            {
                JsonSerializer.Serialize(stream, new CheckpointManifest(Format, step, score, hashes), Json);
                stream.Flush(flushToDisk: true);
            }
            Remove(target);
            Directory.Move(temporary, target);
            return new(step, target, score);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryRemove(temporary);
            string room = Missing(bytes) is > 0 and var missing ? $" About {(missing + 999_999) / 1_000_000} MB are missing." : "";
            throw new OutputException(
                $"The checkpoint of step {step} cannot be written: {failure.Message}{room} Older checkpoints are unchanged.",
                "Free some disk space and restart the run: it resumes from the newest checkpoint.", failure);
        }
    }

    /// <summary>All checkpoints that look complete by their names and lists, newest first; contents are not read.</summary>
    public IReadOnlyList<TrainCheckpoint> List() => !Directory.Exists(folder) ? [] :
    [
        .. Folders(folder).Select(path => TryRead(path, out _)).OfType<TrainCheckpoint>(),
    ];

    /// <summary>The newest checkpoint whose files are all intact.</summary>
    /// <param name="skipped">Receives a message about each damaged one.</param>
    /// <returns>null if there is none.</returns>
    public TrainCheckpoint? Newest(Action<string> skipped)
    {
        foreach (string path in Folders(folder))
        {
            if (Verify(path, out string? problem) is { } good)
                return good;
            skipped($"{path} is skipped: {problem}");
        }
        return null;
    }

    /// <summary>The newest checkpoint that lacks only its shuffle pool.</summary>
    /// <returns>null if there is none.</returns>
    public TrainCheckpoint? NewestWithoutQueue() =>
        Folders(folder).Select(WithoutQueue).FirstOrDefault(checkpoint => checkpoint is not null);

    /// <summary>A checkpoint that lacks only its shuffle pool.</summary>
    /// <param name="path">Its folder.</param>
    /// <returns>null if more is wrong, or nothing.</returns>
    public static TrainCheckpoint? WithoutQueue(string path) =>
        TryRead(path, out _) is { } checkpoint && Faults(path).Select(fault => fault.File).SequenceEqual([CheckpointFiles.Queue])
            ? checkpoint with
            {
                QueueLost = true,
            }
            : null;

    /// <summary>The folders of a run that are named like checkpoints, newest first, regardless of their contents.</summary>
    /// <param name="folder">The run's folder.</param>
    public static IReadOnlyList<string> Folders(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateDirectories(folder, Prefix + "*").Where(path => StepOf(path) is not null).OrderByDescending(StepOf)];

    /// <summary>Everything that a run saved or started to save, complete or not.</summary>
    /// <param name="folder">The run's folder.</param>
    public static IReadOnlyList<string> All(string folder) => [.. Directory.EnumerateDirectories(folder, Prefix + "*")];

    /// <summary>Opens one checkpoint and checks every file of it.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="problem">The problem; null if there is none.</param>
    /// <returns>null if something is wrong.</returns>
    public static TrainCheckpoint? Verify(string path, out string? problem)
    {
        if (TryRead(path, out problem) is not { } checkpoint)
            return null;
        problem = Faults(path).Select(fault => $"its file {fault.File} is {fault.What}.").FirstOrDefault();
        return problem is null ? checkpoint : null;
    }

    /// <summary>Deletes old checkpoints and incomplete files left by a crash.</summary>
    /// <param name="keep">Number of newest checkpoints to keep, in addition to the best; null for all.</param>
    public void Prune(int? keep)
    {
        foreach (string half in Directory.EnumerateDirectories(folder, Prefix + "*" + Temporary))
            TryRemove(half);
        if (keep is not { } newest)
            return;
        var all = List();
        var best = all.Where(checkpoint => checkpoint.Score is not null).MaxBy(checkpoint => checkpoint.Score);
        foreach (var old in all.Skip(newest).Where(checkpoint => checkpoint != best))
            TryRemove(old.Folder);
    }

    /// <summary>A checkpoint's folder may have any name except one of another step, as users copy and rename them.</summary>
    private static TrainCheckpoint? TryRead(string path, out string? problem)
    {
        if (Manifest(path) is not { } manifest)
        {
            problem = PythonCheckpoint.Is(path) ? "the Python trainer wrote it." : "it was not finished.";
            return null;
        }
        problem = manifest.Format != Format ? $"it is of format {manifest.Format}, and this program reads {Format}."
            : StepOf(path) is { } step && manifest.Step != step ? $"its files are of step {manifest.Step}." : null;
        return problem is null ? new(manifest.Step, path, manifest.Score) : null;
    }

    private static IEnumerable<(string File, string What)> Faults(string path)
    {
        foreach (var (name, hash) in Manifest(path)!.Files)
        {
            string file = Path.Combine(path, name);
            if (!File.Exists(file))
                yield return (name, "missing");
            else if (Hash(file) != hash)
                yield return (name, "damaged");
        }
    }

    private static CheckpointManifest? Manifest(string path)
    {
        try
        {
            return
                JsonSerializer.Deserialize<CheckpointManifest>(
                    File.ReadAllText(RegularFile.Require(Path.Combine(path, ManifestName))), Json)
                    is { Files: not null } manifest
                ? manifest
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string FolderOf(long step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}"));

    private static long? StepOf(string path) => Path.GetFileName(path) is var name && name.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        var hash = new XxHash128();
        hash.Append(stream);
        return Convert.ToHexString(hash.GetCurrentHash());
    }

    /// <summary>The number of missing bytes.</summary>
    private long Missing(long bytes)
    {
        try
        {
            return bytes - new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0; // not every file system reports this
        }
    }

    /// <summary>Renamed first, so that a half-deleted folder does not look like a checkpoint.</summary>
    private static void Remove(string path)
    {
        if (!Directory.Exists(path))
            return;
        string going = path.EndsWith(Temporary, StringComparison.Ordinal) ? path : path + ".old" + Temporary;
        if (going != path)
        {
            if (Directory.Exists(going))
                Directory.Delete(going, recursive: true);
            Directory.Move(path, going);
        }
        Directory.Delete(going, recursive: true);
    }

    private static void TryRemove(string path)
    {
        try
        {
            Remove(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A viewer may have a file open; the next time.
        }
    }
}
