using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;
using Hypir.Models.Download;
using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>
/// The folder in which a user's models are kept: one folder an entry, and an index. Several processes may use it at once; the index is
/// replaced whole, under a lock.
/// </summary>
/// <param name="folder">The folder; it is made when something is first kept in it.</param>
public sealed class ModelStore(string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    private string IndexPath => Path.Combine(Folder, "index.json");

    /// <summary>What the store remembers; nothing where it is new.</summary>
    /// <exception cref="StoreException">The index is damaged or of another version.</exception>
    public StoreIndex Read()
    {
        try
        {
            var index = JsonSerializer.Deserialize<StoreIndex>(File.ReadAllText(IndexPath), Json);
            return index is { Format: 1 }
                ? index
                : throw new StoreException(
                    $"{IndexPath} is of format {index?.Format}; this program reads format 1.", "Use the program's newer version.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new StoreIndex();
        }
        catch (JsonException e)
        {
            throw new StoreException(
                $"{IndexPath} is damaged: {e.Message}",
                "Move it away; files that are there already are found again by `hypir models pull` and `add`.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{IndexPath} cannot be read: {e.Message}", "Check the rights to read it.", e);
        }
    }

    /// <summary>Changes what the store remembers.</summary>
    /// <param name="change">Changes the index that it is handed; called once, while nobody else changes it.</param>
    /// <param name="cancellation">Ends the waiting for others.</param>
    /// <exception cref="StoreException">The index cannot be read or written, or the change refuses.</exception>
    public async Task UpdateAsync(Action<StoreIndex> change, CancellationToken cancellation = default)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            using var held = await FileLock.AcquireAsync(IndexPath + ".lock", null, cancellation).ConfigureAwait(false);
            var index = Read();
            change(index);
            FileReplacement.Write(IndexPath, file => JsonSerializer.Serialize(file, index, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"{IndexPath} cannot be written: {e.Message}",
                "Check the folder's rights and space, or choose another: --store, or the environment variable HYPIR_HOME.", e);
        }
    }

    /// <summary>The folder in which an entry's own files lie.</summary>
    /// <param name="name">The entry's name.</param>
    public string FolderOf(string name) => ManifestReader.IsName(name) ? Path.Combine(Folder, name)
        : throw new StoreException($"\"{name}\" cannot be a model's name.", "Names are lower-case letters, digits, '.', '_' and '-'.");

    /// <summary>An entry's folder or file.</summary>
    public string PathOf(StoredEntry entry) => Path.Combine(Folder, entry.Path);

    /// <summary>The place of one of an entry's files.</summary>
    public string PathOf(StoredEntry entry, StoredFile file) =>
        file.Path.Length == 0 ? PathOf(entry) : Path.Combine(PathOf(entry), file.Path);

    /// <summary>Bytes of an entry's files that have come already, those of unfinished downloads included.</summary>
    /// <param name="entry">An entry of a manifest.</param>
    public long BytesHere(ManifestEntry entry)
    {
        string folder = FolderOf(entry.Name);
        return entry.Files.Select(file => Path.Combine(folder, file.Path)).Sum(path => Length(path) + Length(PartFile.PathOf(path)));
    }

    /// <summary>Finds a model that can be restored with.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="manifest">Knows what is built in, and what could be had.</param>
    /// <param name="programFolder">The folder that built-in models lie in.</param>
    /// <returns>The model, or null where neither store nor manifest knows the name.</returns>
    /// <exception cref="StoreException">It is known, but cannot be used: not downloaded, its base is missing, or it is for
    /// training.</exception>
    public ResolvedModel? Find(string name, Manifest manifest, string programFolder)
    {
        var known = manifest.Find(name);
        if (known?.BuiltIn is { } place)
            return new ResolvedModel(name, Path.Combine(programFolder, place), null, new ModelDefaults());
        var entries = Read().Entries;
        if (!entries.TryGetValue(name, out var entry))
            return known is null
                ? null
                : throw new StoreException($"The model {name} is not on this machine yet.", $"`hypir models pull {name}` downloads it.");
        switch (entry.Kind)
        {
            case EntryKind.Base:
                return new ResolvedModel(name, PathOf(entry), null, entry.Defaults);
            case EntryKind.Lora:
                string under = Bases(manifest, programFolder).GetValueOrDefault(entry.Base!)
                    ?? throw new StoreException(
                        $"The model {name} is for {entry.Base}, which is not on this machine.",
                        $"Add it, or `hypir models pull {entry.Base}`.");
                return new ResolvedModel(name, under, PathOf(entry, entry.Files[0]), entry.Defaults);
            default:
                throw new StoreException(
                    $"{name} is for training only: nothing can be restored with it.", "`hypir models list` shows the models.");
        }
    }

    /// <summary>The models on this machine that LoRA weights can be for: names, and folders or files.</summary>
    /// <param name="manifest">Knows what is built in.</param>
    /// <param name="programFolder">The folder that built-in models lie in.</param>
    public IReadOnlyDictionary<string, string> Bases(Manifest manifest, string programFolder)
    {
        var bases = manifest
            .Entries.Where(entry => entry.BuiltIn is not null)
            .ToDictionary(entry => entry.Name, entry => Path.Combine(programFolder, entry.BuiltIn!));
        foreach (var (name, entry) in Read().Entries)
        {
            if (entry.Kind == EntryKind.Base)
                bases[name] = PathOf(entry);
        }

        return bases;
    }

    /// <summary>Takes an entry out of the store, and its own files with it. What is only linked stays where it is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the waiting for others.</param>
    /// <returns>The entry that was there; null where only a part of a download was.</returns>
    /// <exception cref="StoreException">There is none, or others build on it.</exception>
    public async Task<StoredEntry?> RemoveAsync(string name, CancellationToken cancellation = default)
    {
        string own = FolderOf(name);
        StoredEntry? removed = null;
        await UpdateAsync(
                index =>
                {
                    if (!index.Entries.TryGetValue(name, out removed) && !Directory.Exists(own))
                        throw new StoreException($"There is no model {name} on this machine.", "`hypir models list` shows what there is.");
                    string[] users = [.. index.Entries.Where(pair => pair.Value.Base == name).Select(pair => pair.Key)];
                    if (users.Length > 0)
                        throw new StoreException(
                            $"{name} is what {string.Join(", ", users)} build on.", $"Remove {(users.Length == 1 ? "it" : "them")} first.");
                    index.Entries.Remove(name);
                },
                cancellation
            )
            .ConfigureAwait(false);
        try
        {
            // Forgotten first: what a failure leaves here can be removed by the same call again.
            if (Directory.Exists(own))
                Directory.Delete(own, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"{own} cannot be deleted: {e.Message}", "Is the model in use? End the program that uses it and remove it again.", e);
        }

        return removed;
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}

/// <summary>What the store remembers: the content of <c>index.json</c>.</summary>
public sealed record StoreIndex
{
    /// <summary>Version of the file.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Entries by name.</summary>
    public SortedDictionary<string, StoredEntry> Entries { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Accepted licenses by short name.</summary>
    public SortedDictionary<string, Acceptance> Licences { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>A model, LoRA weights or training weights on this machine.</summary>
public sealed record StoredEntry
{
    /// <summary>What it is good for.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Its folder or file: within the store, or, where <see cref="Linked"/>, anywhere.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it lies outside the store and only its place is remembered. Removing the entry leaves it where it is.</summary>
    public bool Linked { get; init; }

    /// <summary>The entry that LoRA weights are for.</summary>
    public string? Base { get; init; }

    /// <summary>Short name of the license that was accepted for it.</summary>
    public string? Licence { get; init; }

    /// <summary>What it is used with.</summary>
    public ModelDefaults Defaults { get; init; } = new();

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>When it was added, in UTC.</summary>
    public required DateTimeOffset Added { get; init; }
}

/// <summary>One file of a stored entry.</summary>
/// <param name="Path">Its place within the entry, with forward slashes; empty where the entry is a single file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, or null where it was never computed (a linked file before its first check).</param>
/// <param name="Source">Where it came from, or null.</param>
/// <param name="Pinned">Whether the hash is only what was found here first, and was not known beforehand.</param>
public sealed record StoredFile(string Path, long Size, string? Sha256, string? Source = null, bool Pinned = false);
