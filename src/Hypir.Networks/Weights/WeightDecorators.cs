using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Casts another source's weights to the network's type and device: once, as the last step.</summary>
/// <param name="inner">Provides the tensors.</param>
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

/// <summary>
/// Copies another source's weights for a network that is trained: the originals may be mapped file memory, which must not be written.
/// </summary>
/// <param name="inner">Provides the tensors.</param>
public sealed class CopiedWeights(WeightSource inner) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using Tensor stored = inner.Get(name, shape);
        return stored.clone();
    }
}

/// <summary>Another source's weights, provided until cancellation is requested.</summary>
/// <param name="inner">Provides the tensors.</param>
/// <param name="cancellation">Checked before each tensor.</param>
public sealed class CancellableWeights(WeightSource inner, CancellationToken cancellation) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        cancellation.ThrowIfCancellationRequested();
        return inner.Get(name, shape);
    }
}
