using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

/// <summary>
/// Casts another source's floating-point tensors to a type; other tensors are unchanged. It does not own the other source.
/// </summary>
/// <param name="inner">The source.</param>
/// <param name="type">The type; null changes nothing.</param>
internal sealed class CastSource(ITensorSource inner, ScalarType? type) : ITensorSource
{
    /// <inheritdoc/>
    public string Path => inner.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } =
        inner.Tensors.ToDictionary(
            pair => pair.Key, pair => pair.Value with { DType = Target(pair.Value.DType, type) }, StringComparer.Ordinal);

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var stored = inner.Read(name);
        return stored.dtype == Tensors[name].DType ? stored : stored.to(Tensors[name].DType, disposeAfter: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static ScalarType Target(ScalarType stored, ScalarType? wanted) =>
        stored is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 ? wanted ?? stored : stored;
}

/// <summary>A network's weights with adapters merged in, in float32, so that a cast may follow. It does not own the sources.</summary>
/// <param name="network">The network's weights.</param>
/// <param name="lora">The adapters.</param>
internal sealed class MergedSource(ITensorSource network, LoraWeights lora) : ITensorSource
{
    private const string Weight = ".weight";

    private readonly LoraMergedWeights _merged = new(new CheckpointWeights(network), lora, ScalarType.Float32);

    /// <inheritdoc/>
    public string Path => network.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } =
        network.Tensors.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Key.EndsWith(Weight, StringComparison.Ordinal) && lora.Modules.Contains(pair.Key[..^Weight.Length])
                    ? pair.Value with
                    {
                        DType = ScalarType.Float32,
                    }
                    : pair.Value,
            StringComparer.Ordinal
        );

    /// <inheritdoc/>
    public Tensor Read(string name) => _merged.Get(name, [.. Tensors[name].Shape]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>Copies a model's files other than its weights.</summary>
internal static class FolderCopy
{
    /// <summary>Copies the chosen files, keeping their subfolders.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">The target folder; existing files are replaced.</param>
    /// <param name="chosen">Returns whether to copy the file with a path.</param>
    public static void Copy(string from, string to, Func<string, bool> chosen)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(chosen))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
