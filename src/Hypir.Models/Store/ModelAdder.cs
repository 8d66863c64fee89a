using Hypir.Core.Files;
using Hypir.Models.Detection;
using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.Ncnn;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Lora;

namespace Hypir.Models.Store;

/// <summary>Adds the user's own models and weights to the store.</summary>
/// <param name="store">The store.</param>
/// <param name="manifest">Lists the built-in models.</param>
/// <param name="programFolder">The folder of the built-in models.</param>
/// <param name="downloader">Copies files on request.</param>
public sealed class ModelAdder(ModelStore store, Manifest manifest, string programFolder, Downloader downloader)
{
    /// <summary>
    /// Adds what is at a path: a folder in diffusers' layout, a single file, or LoRA weights, which form a model of their own together with
    /// their base.
    /// </summary>
    /// <param name="path">The folder or file, which is only read.</param>
    /// <param name="wish">How to add it.</param>
    /// <param name="progress">Receives progress reports of copying.</param>
    /// <param name="cancellation">Cancels copying; copied bytes are kept.</param>
    /// <returns>The entry's name, the entry, and its detected identity.</returns>
    /// <exception cref="HypirException">It cannot be used, or cannot be added like this; the message says why.</exception>
    public async Task<(string Name, StoredEntry Entry, DetectedModel Detected)> AddAsync(
        string path, AddModelOptions wish, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        path = NcnnFile.DescriptionOf(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var detected = ModelDetector.Detect(path);
        string name = wish.Name ?? NameOf(path);
        string own = store.FolderOf(name);
        if (name == Defaults.AutomaticModel)
            throw new StoreException($"The name {name} stands for the automatic choice of a model.", "Choose another name with --name.");
        if (manifest.Find(name)?.BuiltIn is not null || store.Read().Entries.ContainsKey(name))
            throw new StoreException(
                $"A model named {name} already exists.",
                $"Choose another name with --name, or remove it first: `hypir models remove {name}`.");
        if (wish.Copy && FileIdentity.IsWithin(path, own))
            throw new StoreException(
                $"{path} is already in the folder that it would be copied to.", "Add it without --copy, or with another --name.");
        string? under = detected.Kind == EntryKind.Lora ? BaseFor(path, wish.Base) : null;
        if (wish.Base is not null && detected.Kind != EntryKind.Lora)
            throw new StoreException($"{path}: only LoRA weights have a base; this is {detected.Title}.", "Omit --base.");
        var entry = new StoredEntry
        {
            Kind = detected.Kind,
            Title = detected.Title,
            Path = PlaceOf(path, wish.Copy ? name : null),
            Linked = !wish.Copy,
            Base = under,
            Defaults = wish.Defaults,
            Files = wish.Copy
                ? await CopyAsync(path, own, progress, cancellation).ConfigureAwait(false)
                :
                [
                    .. FilesOf(path).Select(file => new StoredFile(file, new FileInfo(SourceOf(path, file)).Length, null)),
                ],
            Added = DateTimeOffset.UtcNow,
        };
        await store.UpdateAsync(index =>
        {
            if (!index.Entries.TryAdd(name, entry))
                throw new StoreException($"A model named {name} already exists.", "Choose another name with --name.");
        }, cancellation).ConfigureAwait(false);
        return (name, entry, detected);
    }

    /// <summary>The base for LoRA weights: the named one, or the only one that fits.</summary>
    private string BaseFor(string path, string? wished)
    {
        var bases = store.Bases(manifest, programFolder);
        if (wished is not null && !bases.ContainsKey(wished))
            throw new StoreException(
                $"This machine has no model {wished} that LoRA weights could be for.",
                $"Available are {string.Join(", ", bases.Keys)}. Others can be added or pulled: `hypir models list`.");
        var failures = new List<Exception>();
        string[] fitting = [.. bases.Keys.Where(name => wished is null || name == wished).Where(name => Fits(path, bases[name], failures))];
        return fitting switch
        {
            [var one] => one,
            [] when wished is not null => throw new StoreException(
                $"{path}: these LoRA weights do not fit {wished}: {failures[0].Message}",
                "They belong to another base: name it with --base.", failures[0]),
            [] => throw new StoreException(
                $"{path}: these LoRA weights fit none of the models on this machine ({string.Join(", ", bases.Keys)}).",
                "Add or pull the model that they were trained on first; HYPIR's: `hypir models pull sd2.1-base`."),
            _ => throw new StoreException(
                $"{path}: these LoRA weights fit {string.Join(" and ", fitting)}.", "Say which one they were trained on with --base."),
        };
    }

    private static bool Fits(string lora, string model, List<Exception> failures)
    {
        try
        {
            using var weights = CheckpointFile.Open(lora);
            using var file = File.Exists(model) ? SingleFileCheckpoint.Open(model) : null;
            using var unet = file?.Open(ModelPart.UNet) ?? CheckpointFolder.Open(Path.Combine(model, "unet"));
            LoraWeights.Check(weights, unet.Shapes());
            return true;
        }
        catch (HypirException failure)
        {
            failures.Add(failure);
            return false;
        }
    }

    private async Task<IReadOnlyList<StoredFile>> CopyAsync(
        string path, string own, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        List<StoredFile> files = [];
        foreach (string file in FilesOf(path))
        {
            string source = SourceOf(path, file),
                place = file.Length == 0 ? Path.GetFileName(path) : file;
            var result = await downloader
                .DownloadAsync(
                    new DownloadRequest(Path.Combine(own, place), [new Uri(source)], new FileInfo(source).Length, null), progress,
                    cancellation)
                .ConfigureAwait(false);
            files.Add(new StoredFile(file, result.Size, result.Sha256, source, Pinned: true));
        }

        return files;
    }

    /// <summary>
    /// An entry's place: where it is linked from, or in the store under a name. An ncnn network's is the folder of both files.
    /// </summary>
    private static string PlaceOf(string path, string? name)
    {
        bool single = File.Exists(path) && NcnnFile.FilesOf(path).Count == 1;
        return name is not null ? single ? $"{name}/{Path.GetFileName(path)}" : name
            : single || Directory.Exists(path) ? path
            : Path.GetDirectoryName(path)!;
    }

    /// <summary>Where a file of the model lies now.</summary>
    private static string SourceOf(string path, string file) => file.Length == 0 ? path
        : File.Exists(path) ? Path.Combine(Path.GetDirectoryName(path)!, file)
        : Path.Combine(path, file);

    /// <summary>
    /// The files of a model, as paths within it; a single file has the empty path, and an ncnn network's two files have their names.
    /// </summary>
    private static IEnumerable<string> FilesOf(string path)
    {
        if (File.Exists(path))
            return NcnnFile.FilesOf(path) is { Count: > 1 } files ? files.Select(file => Path.GetFileName(file)) : [""];
        string[] parts = ["unet", "vae", "text_encoder", "tokenizer", "scheduler"];
        var found = parts
            .SelectMany(part => Part(path, part))
            .Concat(((string[])["model_index.json", "hypir.json"]).Where(file => File.Exists(Path.Combine(path, file))));
        return found.Order(StringComparer.Ordinal);
    }

    /// <summary>Configurations and the weights that would be loaded; other precisions of the same weights are excluded.</summary>
    private static IEnumerable<string> Part(string model, string part)
    {
        string folder = Path.Combine(model, part);
        if (!Directory.Exists(folder))
            return [];
        string? weights = CheckpointFolder.Find(folder);
        bool shards = weights?.EndsWith(".json", StringComparison.Ordinal) == true;
        return new DirectoryInfo(folder)
            .EnumerateFiles()
            .Where(file =>
                !IsWeights(file.Name) || file.FullName == weights || shards && file.Name.Contains("-of-", StringComparison.Ordinal)
            )
            .Select(file => $"{part}/{file.Name}");
    }

    private static bool IsWeights(string name) =>
        ((string[])[".safetensors", ".bin", ".ckpt", ".pth", ".msgpack", ".h5", ".onnx"]).Any(ending =>
            name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
        );

    private static string NameOf(string path)
    {
        string stem = File.Exists(path) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);
        string name = new([.. stem.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')]);
        return name.Trim('.', '-', '_');
    }
}

/// <summary>How to add something to the store.</summary>
public sealed record AddModelOptions
{
    /// <summary>Its name; null derives one from the file or folder.</summary>
    public string? Name { get; init; }

    /// <summary>The entry that LoRA weights are for; null selects the one that fits.</summary>
    public string? Base { get; init; }

    /// <summary>
    /// Whether to copy the files into the store. Otherwise they stay where they are, and only their place is recorded.
    /// </summary>
    public bool Copy { get; init; }

    /// <summary>The settings to use the model with.</summary>
    public ModelDefaults Defaults { get; init; } = new();
}
