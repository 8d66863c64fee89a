using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>Another source's weights with adapters merged in: W + B A, in one wide type, so that only one cast follows.</summary>
/// <param name="inner">The base weights.</param>
/// <param name="lora">The adapters.</param>
/// <param name="type">Type of the sum: float32, or float64 where the network computes in it.</param>
public sealed class LoraMergedWeights(WeightSource inner, LoraWeights lora, ScalarType type) : WeightSource
{
    private const string Weight = ".weight";

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        Tensor stored = inner.Get(name, shape);
        if (!name.EndsWith(Weight, StringComparison.Ordinal) || !lora.Modules.Contains(name[..^Weight.Length]))
            return stored;
        using Tensor wide = stored.to(type, disposeAfter: true);
        using Tensor delta = lora.Delta(name[..^Weight.Length], type);
        return wide.Plus(delta);
    }
}
