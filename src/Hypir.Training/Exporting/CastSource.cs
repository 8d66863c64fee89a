using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

/// <summary>Another source's tensors in another type; what is no floating-point number stays as it is. The other source stays its owner's.</summary>
/// <param name="inner">The source.</param>
/// <param name="type">The type; null leaves all as it is.</param>
internal sealed class CastSource(ITensorSource inner, ScalarType? type) : ITensorSource
{
    /// <inheritdoc/>
    public string Path => inner.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } =
        inner.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value with { DType = Target(pair.Value.DType, type) }, StringComparer.Ordinal);

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
