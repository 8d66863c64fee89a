using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;
using Hypir.Models.Download;
using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>
/// The folder of a user's models: one folder per entry, and an index. Several processes may use it at once; the index is replaced
/// atomically, under a lock.
/// </summary>
/// <param name="folder">The folder; it is created on first use.</param>
public sealed class ModelStore(string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Models that came with earlier versions, and those that take their place.</summary>
    private static readonly Dictionary<string, string> Replaced = new(StringComparer.Ordinal) { ["nano"] = "faithful" };

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    private string IndexPath => Path.Combine(Folder, "index.json");

    /// <summary>The store's index; empty for a new store.</summary>
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
            throw new StoreException($"{IndexPath} cannot be read: {e.Message}", "Check its permissions.", e);
        }
    }

    /// <summary>Updates the store's index.</summary>
    /// <param name="change">Modifies the given index; called once, under the lock.</param>
    /// <param name="cancellation">Cancels the waiting for others.</param>
    /// <exception cref="StoreException">The index cannot be read or written, or the change was refused.</exception>
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

    /// <summary>The folder of an entry's own files.</summary>
    /// <param name="name">The entry's name.</param>
    public string FolderOf(string name) => ManifestReader.IsName(name) ? Path.Combine(Folder, name)
        : throw new StoreException($"\"{name}\" cannot be a model's name.", "Names are lower-case letters, digits, '.', '_' and '-'.");

    /// <summary>
    /// The model's folder or file: what a model of one file, or an ncnn network of two, is opened by, even if the entry has a folder.
    /// </summary>
    public string PathOf(StoredEntry entry)
    {
        string[] names = [.. entry.Files.Select(file => file.Path)];
        string? single = entry.Kind != EntryKind.Base ? null
            : names is [var one] ? one
            : names.Length == 2 ? names.FirstOrDefault(name => name.EndsWith(".param", StringComparison.OrdinalIgnoreCase))
            : null;
        return string.IsNullOrEmpty(single) ? PlaceOf(entry) : Path.Combine(PlaceOf(entry), single);
    }

    /// <summary>The path of one of an entry's files.</summary>
    public string PathOf(StoredEntry entry, StoredFile file) =>
        file.Path.Length == 0 ? PlaceOf(entry) : Path.Combine(PlaceOf(entry), file.Path);

    private string PlaceOf(StoredEntry entry) => Path.Combine(Folder, entry.Path);

    /// <summary>Bytes of an entry's files that are already here, including those of unfinished downloads.</summary>
    /// <param name="entry">An entry of a manifest.</param>
    public long BytesHere(ManifestEntry entry)
    {
        string folder = FolderOf(entry.Name);
        return entry.Files.Select(file => Path.Combine(folder, file.Path)).Sum(path => Length(path) + Length(PartFile.PathOf(path)));
    }

    /// <summary>Finds a model for restoring.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="manifest">Lists the built-in and available models.</param>
    /// <param name="programFolder">The folder of the built-in models.</param>
    /// <returns>The model, or null if neither the store nor the manifest has the name.</returns>
    /// <exception cref="StoreException">It is known but cannot be used: not downloaded, its base is missing, or it is for
    /// training.</exception>
    public ResolvedModel? Find(string name, Manifest manifest, string programFolder)
    {
        var known = manifest.Find(name);
        if (known?.BuiltIn is { } place)
            return new ResolvedModel(name, Path.Combine(programFolder, place), null, new ModelDefaults());
        var entries = Read().Entries;
        if (!entries.TryGetValue(name, out var entry))
            return known is null ? (Replaced.TryGetValue(name, out string? other) ? throw NoLongerHere(name, other) : null)
                : !IsForRestoring(known.Kind) ? throw ForTraining(name)
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
                throw ForTraining(name);
        }
    }

    /// <summary>The names of all models that can restore images, on this machine or available for download.</summary>
    /// <param name="manifest">Lists the built-in and available models.</param>
    public IEnumerable<string> RestoringNames(Manifest manifest) =>
        manifest.Entries.Where(entry => IsForRestoring(entry.Kind)).Select(entry => entry.Name)
            .Union(Read().Entries.Where(pair => IsForRestoring(pair.Value.Kind)).Select(pair => pair.Key));

    /// <summary>The error for a name that the store does not have.</summary>
    internal static StoreException NotInstalled(string name) =>
        Manifest.BuiltIn().Find(name)?.BuiltIn is not null
            ? new($"{name} comes with the program: it can neither be verified nor removed.", "Reinstall the program if it is damaged.")
            : new($"There is no model {name} on this machine.", "`hypir models list` shows what there is.");

    private static StoreException NoLongerHere(string name, string other) =>
        new($"{name} no longer comes with the program: {other} takes its place.", $"Choose {other}.");

    private static bool IsForRestoring(EntryKind kind) => kind is EntryKind.Base or EntryKind.Lora;

    private static StoreException ForTraining(string name) =>
        new($"{name} is for training only; it cannot restore images.", "`hypir models list` shows the models.");

    /// <summary>The models on this machine that can be the base of LoRA weights: names, and folders or files.</summary>
    /// <param name="manifest">Lists the built-in models.</param>
    /// <param name="programFolder">The folder of the built-in models.</param>
    public IReadOnlyDictionary<string, string> Bases(Manifest manifest, string programFolder)
    {
        var bases = manifest
            // A single file is a single-pass network, which takes no LoRA weights.
            .Entries.Where(entry => entry.BuiltIn is { } place && !Path.HasExtension(place))
            .ToDictionary(entry => entry.Name, entry => Path.Combine(programFolder, entry.BuiltIn!));
        foreach (var (name, entry) in Read().Entries)
        {
            if (entry.Kind == EntryKind.Base)
                bases[name] = PathOf(entry);
        }

        return bases;
    }

    /// <summary>Removes an entry from the store together with its own files. Linked files are not touched.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Cancels the waiting for others.</param>
    /// <returns>The removed entry; null if there was only a part of a download.</returns>
    /// <exception cref="StoreException">There is no such entry, or others build on it.</exception>
    public async Task<StoredEntry?> RemoveAsync(string name, CancellationToken cancellation = default)
    {
        string own = FolderOf(name);
        StoredEntry? removed = null;
        await UpdateAsync(
                index =>
                {
                    if (!index.Entries.TryGetValue(name, out removed) && !Directory.Exists(own))
                        throw NotInstalled(name);
                    string[] users = [.. index.Entries.Where(pair => pair.Value.Base == name).Select(pair => pair.Key)];
                    if (users.Length > 0)
                        throw new StoreException(
                            $"Other models build on {name}: {string.Join(", ", users)}.",
                            $"Remove {(users.Length == 1 ? "it" : "them")} first.");
                    index.Entries.Remove(name);
                },
                cancellation
            )
            .ConfigureAwait(false);
        try
        {
            // Remove it from the index first: if deleting fails, the same call can be repeated.
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

/// <summary>The store's index: the content of <c>index.json</c>.</summary>
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
    /// <summary>Its purpose.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>A one-line description.</summary>
    public required string Title { get; init; }

    /// <summary>Its folder or file: inside the store, or anywhere if <see cref="Linked"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is outside the store and only its place is recorded. Removing the entry leaves it there.</summary>
    public bool Linked { get; init; }

    /// <summary>The entry that LoRA weights are for.</summary>
    public string? Base { get; init; }

    /// <summary>Short name of the license accepted for it.</summary>
    public string? Licence { get; init; }

    /// <summary>The settings to use it with.</summary>
    public ModelDefaults Defaults { get; init; } = new();

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>When it was added, in UTC.</summary>
    public required DateTimeOffset Added { get; init; }
}

/// <summary>One file of a stored entry.</summary>
/// <param name="Path">Its path within the entry, with forward slashes; empty if the entry is a single file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, or null if never computed (a linked file before its first check).</param>
/// <param name="Source">Where it came from, or null.</param>
/// <param name="Pinned">Whether the hash was only computed here on first sight rather than known in advance.</param>
public sealed record StoredFile(string Path, long Size, string? Sha256, string? Source = null, bool Pinned = false);
