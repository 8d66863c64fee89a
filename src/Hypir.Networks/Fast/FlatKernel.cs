using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Gives the 1x1 kernel of a place as the matrix that it is.</summary>
internal sealed class FlatKernel(WeightScope kernel) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape) =>
        name == "bias" ? kernel.Tensor(name, shape) : kernel.Tensor(name, [.. shape, 1, 1]).Then(t => t.reshape(shape));
}
