using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Copies of another source's weights, for a network that is trained: what was read may be a file's mapped memory, into which nobody writes.</summary>
/// <param name="inner">Gives the tensors.</param>
public sealed class CopiedWeights(WeightSource inner) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using Tensor stored = inner.Get(name, shape);
        return stored.clone();
    }
}
