using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Another source's weights, given out until cancellation is asked for.</summary>
/// <param name="inner">Gives the tensors.</param>
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
