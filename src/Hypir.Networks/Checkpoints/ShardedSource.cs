using System.Text.Json;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Weights spread over several files, with an index (<c>*.index.json</c>) that maps tensors to files.
/// </summary>
public sealed class ShardedSource : ITensorSource
{
    private readonly Dictionary<string, ITensorSource> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ITensorSource> _owners = new(StringComparer.Ordinal);

    private ShardedSource(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; private set; } = new Dictionary<string, TensorInfo>();

    /// <summary>Opens an index and the files that it names, which are in the same folder.</summary>
    /// <param name="indexPath">The index.</param>
    /// <exception cref="CheckpointException">The index or a file is damaged, or a file lacks a tensor that the index lists.</exception>
    /// <exception cref="ModelException">A file does not exist or cannot be read.</exception>
    public static ShardedSource Open(string indexPath)
    {
        var source = new ShardedSource(indexPath);
        try
        {
            source.OpenShards(ReadIndex(indexPath));
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name) => _owners[name].Read(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards.Values)
            shard.Dispose();
    }

    private void OpenShards(Dictionary<string, string> index)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (var (key, file) in index)
        {
            if (file.Length == 0 || file != System.IO.Path.GetFileName(file) || file.Contains('\\'))
                throw new CheckpointException(
                    CheckpointErrorKind.BadJson, Path, $"the index names {Messages.Quote(file)}, which is not a file in its folder.");
            if (!_shards.TryGetValue(file, out var shard))
                _shards[file] = shard = CheckpointFile.Open(System.IO.Path.Combine(folder, file));
            if (!shard.Tensors.ContainsKey(key))
                throw new CheckpointException(
                    CheckpointErrorKind.MissingEntry, Path,
                    $"the index promises {Messages.Quote(key)} in {file}, which has no such tensor.",
                    "Download the index and all its files again, from one place.");
            _owners[key] = shard;
        }
        Tensors = _owners.ToDictionary(pair => pair.Key, pair => pair.Value.Tensors[pair.Key], StringComparer.Ordinal);
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        using var file = TensorFile.Open(path);
        ForeignFile.Refuse(file);
        if (file.Length > SafetensorsHeader.MaxBytes)
            throw file.Error(
                CheckpointErrorKind.LimitExceeded, $"the index has {file.Length} bytes; the limit is {SafetensorsHeader.MaxBytes}.");
        try
        {
            using var json = JsonDocument.Parse(file.Read(0, (int)file.Length));
            return json.RootElement.GetProperty("weight_map").Deserialize<Dictionary<string, string>>() ?? [];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw file.Error(
                CheckpointErrorKind.BadJson,
                "this is not an index of weights: it should be JSON with a \"weight_map\" from tensor to file.",
                "Download it again.", e);
        }
    }
}
