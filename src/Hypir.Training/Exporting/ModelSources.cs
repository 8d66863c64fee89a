using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

/// <summary>
/// Another source's tensors in another type; what is no floating-point number stays as it is. The other source stays its owner's.
/// </summary>
/// <param name="inner">The source.</param>
/// <param name="type">The type; null leaves all as it is.</param>
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

/// <summary>A network's weights with adapters merged in, in float32: one cast may follow. The sources stay their owners'.</summary>
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

/// <summary>Copies what belongs to a model besides its weights.</summary>
internal static class FolderCopy
{
    /// <summary>Copies chosen files with the folders that they lie in.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">Where they go; files that are there are replaced.</param>
    /// <param name="chosen">Tells of a file's path whether it is to be copied.</param>
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
