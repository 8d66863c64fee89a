using Hypir.Core.Files;

namespace Hypir.Models.Store;

/// <summary>Checks stored files against their recorded sizes and hashes.</summary>
/// <param name="store">The store.</param>
public sealed class ModelVerifier(ModelStore store)
{
    /// <summary>Checks an entry's files, and records the hashes of those that had none.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="progress">Receives each file and the number of its bytes read so far.</param>
    /// <param name="cancellation">Cancels the check.</param>
    /// <returns>The result for each file.</returns>
    /// <exception cref="StoreException">There is no such entry.</exception>
    public async Task<IReadOnlyList<(StoredFile File, FileCheck Check)>> VerifyAsync(
        string name, Action<StoredFile, long>? progress, CancellationToken cancellation)
    {
        var entry = store.Read().Entries.GetValueOrDefault(name)
            ?? throw ModelStore.NotInstalled(name);
        List<(StoredFile, FileCheck)> found = [];
        foreach (var file in entry.Files)
            found.Add(
                await VerifyAsync(file, store.PathOf(entry, file), done => progress?.Invoke(file, done), cancellation).ConfigureAwait(false)
            );
        if (found.Any(pair => pair.Item2 == FileCheck.PinnedNow))
        {
            await store.UpdateAsync(index =>
            {
                if (index.Entries.TryGetValue(name, out var now) && now.Path == entry.Path)
                    index.Entries[name] = now with { Files = [.. found.Select(pair => pair.Item1)] };
            }, cancellation).ConfigureAwait(false);
        }

        return found;
    }

    private static async Task<(StoredFile, FileCheck)> VerifyAsync(
        StoredFile file, string path, Action<long> progress, CancellationToken cancellation)
    {
        try
        {
            var there = new FileInfo(path);
            if (!there.Exists)
                return (file, FileCheck.Missing);
            if (there.Length != file.Size)
                return (file, FileCheck.WrongLength);
            string sha256 = await FileHash.ComputeAsync(path, progress, cancellation).ConfigureAwait(false);
            return file.Sha256 is null
                ? (file with { Sha256 = sha256, Pinned = true }, FileCheck.PinnedNow)
                : (file, sha256 == file.Sha256 ? FileCheck.Right : FileCheck.WrongHash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (file, FileCheck.Unreadable);
        }
    }
}

/// <summary>The result of checking a stored file.</summary>
public enum FileCheck
{
    /// <summary>The file is unchanged.</summary>
    Right,

    /// <summary>Its hash was unknown and is now recorded.</summary>
    PinnedNow,

    /// <summary>It does not exist.</summary>
    Missing,

    /// <summary>Its length has changed.</summary>
    WrongLength,

    /// <summary>Its content has changed.</summary>
    WrongHash,

    /// <summary>It cannot be read.</summary>
    Unreadable,
}
