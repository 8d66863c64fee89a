using System.IO.Hashing;
using System.Text;
using Hypir.Networks;
using Hypir.Networks.Checkpoints;

namespace Hypir.Training.Resuming;

/// <summary>Short hashes (64 of XxHash128's bits) that tell whether files or lists are still the same, wherever they lie.</summary>
internal static class Fingerprint
{
    private static readonly string[] Parts = ["unet", "vae", "text_encoder"];

    /// <summary>Of texts in their order.</summary>
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

    /// <summary>Of a model: its configurations, tokenizer and weights as far as they would be loaded.</summary>
    /// <param name="path">A folder in diffusers' layout, or a single file.</param>
    /// <param name="weights">Whether weights count, or only what describes them.</param>
    /// <exception cref="ModelException">A file cannot be read.</exception>
    public static string OfModel(string path, bool weights)
    {
        bool single = File.Exists(path);
        // A single file's configurations lie in a folder of its name.
        string configs = single ? Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path)) : path;
        IEnumerable<string> files = [.. Parts.Append("scheduler").Append("tokenizer").SelectMany(part => Small(Path.Combine(configs, part)))];
        if (weights)
            files = files.Concat(single ? [path] : Parts.SelectMany(part => Weights(Path.Combine(path, part))));
        return OfTexts(files.Distinct().Order(StringComparer.Ordinal).SelectMany(file => (string[])[Path.GetFileName(file), OfFile(file)]));
    }

    /// <summary>Of one file of weights, which is closed.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
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
            throw new ModelException($"{path} cannot be read: {failure.Message}", "Check that the file may be read.", failure);
        }
    }

    /// <summary>Configurations and vocabularies.</summary>
    private static IEnumerable<string> Small(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".json" or ".txt");

    /// <summary>The file of weights that is loaded, or with an index all files that may be its shards.</summary>
    private static IEnumerable<string> Weights(string folder) => CheckpointFolder.Find(folder) switch
    {
        null => [],
        var index when Path.GetExtension(index) == ".json" =>
            Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".bin"),
        var file => [file],
    };

    private static string Text(XxHash128 hash) => Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 8));
}
