using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Casts another source's weights to the type and device that the network computes in: once, as the last step.</summary>
/// <param name="inner">Gives the tensors.</param>
/// <param name="type">Floating-point type of the network.</param>
/// <param name="device">Device of the network.</param>
public sealed class CastWeights(WeightSource inner, ScalarType type, Device device) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        Tensor stored = inner.Get(name, shape);
        return stored.to(type, device, copy: false, disposeAfter: true);
    }
}
