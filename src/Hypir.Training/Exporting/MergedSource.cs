using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

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
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } = network.Tensors.ToDictionary(pair => pair.Key,
        pair => pair.Key.EndsWith(Weight, StringComparison.Ordinal) && lora.Modules.Contains(pair.Key[..^Weight.Length]) ? pair.Value with { DType = ScalarType.Float32 } : pair.Value,
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public Tensor Read(string name) => _merged.Get(name, [.. Tensors[name].Shape]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
