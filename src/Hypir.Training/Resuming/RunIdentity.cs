using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Loop;
using Hypir.Training.Models;
using Hypir.Training.RunFolders;

namespace Hypir.Training.Resuming;

/// <summary>
/// Identifies what a run trains with: its settings by key, and fingerprints of its model, weights, and list of images. Each checkpoint has
/// a copy.
/// </summary>
/// <param name="Values">Values by key.</param>
internal sealed record RunIdentity(IReadOnlyDictionary<string, string> Values)
{
    private const string FileName = "run.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Computes the identity. The weight files are read once, which takes as long as loading them.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="entries">The training images.</param>
    /// <param name="sources">Finds weights that the configuration does not name.</param>
    /// <exception cref="HypirException">Weights are missing or cannot be read.</exception>
    public static RunIdentity Of(TrainSettings settings, IReadOnlyList<ManifestEntry> entries, WeightSources sources)
    {
        var values = ConfigFile.Values(settings).ToDictionary(StringComparer.Ordinal);
        var list = entries.SelectMany(entry => (string[])[Path.GetFullPath(entry.Path), entry.Prompt]);
        values.Add("pictures", $"{entries.Count} (list {Fingerprint.OfTexts(list)})");
        if (settings.Kind != TrainKind.SinglePass)
            values.Add("base model", $"files {Fingerprint.OfModel(settings.BaseModelPath!, weights: settings.Kind == TrainKind.Lora)}");
        else if (settings.Network.File is { } start)
            values.Add("network's file", $"file {Fingerprint.OfWeights(CheckpointFile.Open(start))}");
        if (settings.LambdaGan > 0)
            values.Add("discriminator's tower", $"file {Fingerprint.OfWeights(sources.OpenTower(settings.DiscriminatorTower))}");
        if (settings.LambdaLpips > 0)
        {
            values.Add("LPIPS' VGG16", $"file {Fingerprint.OfWeights(sources.OpenVgg(settings.LpipsVgg))}");
            values.Add("LPIPS' linear layers", $"file {Fingerprint.OfWeights(sources.OpenLins(settings.LpipsLins))}");
        }
        return new(values);
    }

    /// <summary>Writes it into a checkpoint.</summary>
    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(Values, Json));

    /// <summary>Reads a checkpoint's copy.</summary>
    /// <returns>null if there is none because the checkpoint is from an earlier version.</returns>
    public static RunIdentity? Read(string folder)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, FileName));
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text, Json) is { } values ? new(values) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The restricted changes since an earlier identity. Values that only one of them contains (written by another version) are not
    /// compared.
    /// </summary>
    public IReadOnlyList<ResumeChange> Since(RunIdentity earlier) =>
    [
        .. Values.Where(pair => earlier.Values.TryGetValue(pair.Key, out string? before) && before != pair.Value)
            .Select(pair => new ResumeChange(pair.Key, earlier.Values[pair.Key], pair.Value))
            .Where(change => change.Rule != ResumeRule.Free),
    ];
}

/// <summary>Short hashes (64 of XxHash128's bits) to check whether files or lists are unchanged, regardless of their location.</summary>
internal static class Fingerprint
{
    private static readonly string[] Parts = ["unet", "vae", "text_encoder"];

    /// <summary>The hash of a sequence of texts.</summary>
    public static string OfTexts(IEnumerable<string> texts)
    {
        var hash = new XxHash128();
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.Append(BitConverter.GetBytes(bytes.Length));
            hash.Append(bytes);
        }
        return Text(hash);
    }

    /// <summary>The hash of a model: its configurations, tokenizer, and the weights that would be loaded.</summary>
    /// <param name="path">A folder in diffusers' layout, or a single file.</param>
    /// <param name="weights">Whether to include the weights, or only the configuration.</param>
    /// <exception cref="ModelException">A file cannot be read.</exception>
    public static string OfModel(string path, bool weights)
    {
        bool single = File.Exists(path);
        // A single file's configurations are in a folder of its name.
        string configs = single ? Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path)) : path;
        IEnumerable<string> files =
        [
            .. Parts.Append("scheduler").Append("tokenizer").SelectMany(part => Small(Path.Combine(configs, part))),
        ];
        if (weights)
            files = files.Concat(single ? [path] : Parts.SelectMany(part => Weights(Path.Combine(path, part))));
        return OfTexts(files.Distinct().Order(StringComparer.Ordinal).SelectMany(file => (string[])[Path.GetFileName(file), OfFile(file)]));
    }

    /// <summary>The hash of a weight file, which is closed afterwards.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    public static string OfWeights(ITensorSource source)
    {
        using (source)
            return OfFile(source.Path);
    }

    private static string OfFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var hash = new XxHash128();
            hash.Append(stream);
            return Text(hash);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {failure.Message}", "Check the file's permissions.", failure);
        }
    }

    /// <summary>Configurations and vocabularies.</summary>
    private static IEnumerable<string> Small(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".json" or ".txt");

    /// <summary>The weight file that is loaded, or, with an index, all files that may be its shards.</summary>
    private static IEnumerable<string> Weights(string folder) => CheckpointFolder.Find(folder) switch
    {
        null => [],
        var index when Path.GetExtension(index) == ".json" =>
            Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".bin"),
        var file => [file],
    };

    private static string Text(XxHash128 hash) => Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 8));
}

/// <summary>The checkpoint that <c>resume_from_checkpoint</c> names.</summary>
internal static class NamedCheckpoint
{
    private const string Key = "resume_from_checkpoint";

    /// <summary>Opens it.</summary>
    /// <param name="path">The configured path.</param>
    /// <returns>A complete checkpoint, or one that lacks only its shuffle pool.</returns>
    /// <exception cref="TrainingException">It is missing, damaged, or not a checkpoint; the message says what it is instead.</exception>
    public static TrainCheckpoint Open(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw Refused(path, File.Exists(folder) ? "this is a file, and a checkpoint is a folder." : "there is no such folder.",
                $"Set {Key} to the folder of a checkpoint (checkpoint-STEP), or to `latest` for the newest whole one in output_dir.");
        }
        if (PythonCheckpoint.Is(folder))
        {
            throw Refused(path, "the Python trainer wrote this checkpoint; its optimizers and random states cannot be read.",
                $"To start from its weights, set lora_init: {PythonCheckpoint.Weights(folder)} and {Key}: ~.");
        }
        if (TrainCheckpoints.Folders(folder) is { Count: > 0 } inside)
        {
            throw Refused(path, $"this is the folder of a run. Its checkpoints are {string.Join(", ", inside.Select(Path.GetFileName))}.",
                $"Set {Key} to one of them, such as {inside[0]}.");
        }
        return TrainCheckpoints.Verify(folder, out string? problem) ?? TrainCheckpoints.WithoutQueue(folder)
            ?? throw Refused(path, problem!, $"Set {Key} to another checkpoint, or to `latest` for the newest whole one in output_dir.");
    }

    private static TrainingException Refused(string path, string why, string remedy) => new($"Cannot continue from {path}: {why}", remedy);
}
