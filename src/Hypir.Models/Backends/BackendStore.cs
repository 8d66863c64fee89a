using System.Text.Json;
using Hypir.Core.Files;
using Hypir.Models.Download;
using Hypir.Models.Store;

namespace Hypir.Models.Backends;

/// <summary>
/// The folder of downloaded backends: one folder per backend, with a note in it. A folder without its note is left over from an unfinished
/// installation, or from removing libraries in use; it is ignored, and deleted by the next change.
/// </summary>
/// <param name="home">The folder of everything kept for a user.</param>
/// <param name="kind">The backends that it keeps.</param>
public sealed class BackendStore(ModelHome home, BackendKind kind = BackendKind.Cuda)
{
    private const string Note = "backend.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(
        Path.GetFullPath(home.Folder), kind == BackendKind.Cuda ? "libtorch" : "onnxruntime");

    /// <summary>The user's additional list of backends; often missing.</summary>
    public string OwnList { get; } = Path.Combine(Path.GetFullPath(home.Folder), "backends.yaml");

    /// <summary>The folder that archives are downloaded to.</summary>
    public string Downloads => Path.Combine(Folder, "downloads");

    /// <summary>The lock to hold while changing anything.</summary>
    internal string LockPath => Path.Combine(Folder, "change.lock");

    /// <summary>A backend's folder.</summary>
    public string FolderOf(string name) => Path.Combine(Folder, name);

    /// <summary>The path to which a backend's archive is downloaded.</summary>
    public string ArchiveOf(Backend backend) => Path.Combine(Downloads, backend.File.Path);

    /// <summary>The installed backend for a platform, or null.</summary>
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

    /// <summary>Bytes of a backend's archive that are already downloaded.</summary>
    public long BytesHere(Backend backend) => ((string[])[ArchiveOf(backend), PartFile.PathOf(ArchiveOf(backend))])
        .Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);

    /// <summary>Removes all backends, and the parts of unfinished downloads.</summary>
    /// <param name="cancellation">Cancels the waiting for others.</param>
    /// <returns>Whether everything was deleted: libraries that a running engine uses stay until the next change.</returns>
    /// <exception cref="StoreException">The folder cannot be changed.</exception>
    public async Task<bool> RemoveAsync(CancellationToken cancellation = default)
    {
        if (!Directory.Exists(Folder))
            return true;
        try
        {
            using (await FileLock.AcquireAsync(LockPath, null, cancellation).ConfigureAwait(false))
            {
                // Delete the notes first: programs that start from now on will not choose these backends.
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

    /// <summary>Writes the note of a completely unpacked backend.</summary>
    internal static void Remember(string folder, InstalledBackend backend) =>
        FileReplacement.Write(Path.Combine(folder, Note), file => JsonSerializer.Serialize(file, backend, Json));

    /// <summary>Deletes folders without a note. The caller holds the lock.</summary>
    /// <returns>Whether everything was deleted.</returns>
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

/// <summary>The note about an unpacked backend, whose libraries are in the same folder.</summary>
/// <param name="Format">Version of the note's format, 1.</param>
/// <param name="Name">The backend's name.</param>
/// <param name="Title">A one-line description.</param>
/// <param name="Platform">Its target runtime.</param>
/// <param name="LibTorch">Version of libtorch or ONNX Runtime.</param>
/// <param name="Bytes">Size of the libraries.</param>
/// <param name="Archive">Name of the archive.</param>
/// <param name="Sha256">The archive's hash, computed here.</param>
/// <param name="Verified">Whether the hash was known in advance and matches.</param>
/// <param name="Source">Where the archive came from, or null if it was already here.</param>
/// <param name="Added">When it was installed.</param>
public sealed record InstalledBackend(
    int Format, string Name, string Title, string Platform, string LibTorch, long Bytes, string Archive, string Sha256, bool Verified,
    string? Source, DateTimeOffset Added);
