using System.Text.Json;
using Hypir.Core.Files;
using Hypir.Models.Download;
using Hypir.Models.Store;

namespace Hypir.Models.Backends;

/// <summary>
/// The folder in which downloaded backends are kept: one folder each, and in it a note. A folder without its note is what an unfinished
/// unpacking or a removal of libraries in use has left; it counts as nothing and is cleared away by the next change.
/// </summary>
/// <param name="home">The folder of all that is kept for a user.</param>
public sealed class BackendStore(ModelHome home)
{
    private const string Note = "backend.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(home.Folder), "libtorch");

    /// <summary>The list of backends that the person has added to; often there is none.</summary>
    public string OwnList { get; } = Path.Combine(Path.GetFullPath(home.Folder), "backends.yaml");

    /// <summary>The folder that archives are downloaded to.</summary>
    public string Downloads => Path.Combine(Folder, "downloads");

    /// <summary>The lock that whoever changes something holds.</summary>
    internal string LockPath => Path.Combine(Folder, "change.lock");

    /// <summary>A backend's folder.</summary>
    public string FolderOf(string name) => Path.Combine(Folder, name);

    /// <summary>Where a backend's archive is downloaded to.</summary>
    public string ArchiveOf(Backend backend) => Path.Combine(Downloads, backend.File.Path);

    /// <summary>The backend that is here for a platform, or null.</summary>
    /// <param name="platform">The runtime, such as <c>win-x64</c>.</param>
    public InstalledBackend? Find(string platform) =>
        Directory.Exists(Folder)
            ? Directory
                .GetDirectories(Folder)
                .Select(Read)
                .OfType<InstalledBackend>()
                .Where(backend => backend.Platform == platform)
                .MaxBy(backend => backend.Added)
            : null;

    /// <summary>Bytes of a backend's archive that have come already.</summary>
    public long BytesHere(Backend backend) => ((string[])[ArchiveOf(backend), PartFile.PathOf(ArchiveOf(backend))])
        .Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);

    /// <summary>Takes all backends away, and what has come of unfinished downloads.</summary>
    /// <param name="cancellation">Ends the waiting for others.</param>
    /// <returns>Whether everything is deleted: libraries that a running engine uses stay until the next change.</returns>
    /// <exception cref="StoreException">The folder cannot be changed.</exception>
    public async Task<bool> RemoveAsync(CancellationToken cancellation = default)
    {
        if (!Directory.Exists(Folder))
            return true;
        try
        {
            using (await FileLock.AcquireAsync(LockPath, null, cancellation).ConfigureAwait(false))
            {
                // Forgotten first: no program that starts from now on chooses it.
                foreach (string folder in Directory.GetDirectories(Folder))
                    File.Delete(Path.Combine(folder, Note));
                return Sweep(downloads: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{Folder} cannot be changed: {e.Message}", "Check the folder's rights.", e);
        }
    }

    /// <summary>Remembers a backend whose libraries are whole.</summary>
    internal static void Remember(string folder, InstalledBackend backend) =>
        FileReplacement.Write(Path.Combine(folder, Note), file => JsonSerializer.Serialize(file, backend, Json));

    /// <summary>Clears away folders without a note. The caller holds the lock.</summary>
    /// <returns>Whether nothing is left.</returns>
    internal bool Sweep(bool downloads)
    {
        bool clean = true;
        foreach (string folder in Directory.GetDirectories(Folder).Where(folder => folder == Downloads ? downloads : Read(folder) is null))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                clean = false; // Windows does not delete libraries that a process has loaded.
            }
        }

        return clean;
    }

    private static InstalledBackend? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<InstalledBackend>(File.ReadAllText(Path.Combine(folder, Note)), Json) is { Format: 1 } backend
                ? backend
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>What is remembered of a backend that was unpacked: its libraries lie beside this note.</summary>
/// <param name="Format">Version of the note, 1.</param>
/// <param name="Name">The backend's name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Platform">The runtime that it is for.</param>
/// <param name="LibTorch">libtorch's version.</param>
/// <param name="Bytes">Size of the libraries.</param>
/// <param name="Archive">Name of the archive.</param>
/// <param name="Sha256">The archive's hash, computed here.</param>
/// <param name="Verified">Whether the hash was known before and is the same.</param>
/// <param name="Source">Where the archive came from, or null where it was here already.</param>
/// <param name="Added">When.</param>
public sealed record InstalledBackend(
    int Format, string Name, string Title, string Platform, string LibTorch, long Bytes, string Archive, string Sha256, bool Verified,
    string? Source, DateTimeOffset Added);
