using Hypir.Networks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// Weights of a new network as PyTorch draws them: those of linear and convolutional layers and their biases uniform within 1/√fan-in (He et al., 2015, with
/// a = √5), normalisations 1 and 0.
/// </summary>
/// <param name="seed">Of the draw; tensors follow one another in the order in which the network asks.</param>
/// <param name="type">Floating-point type.</param>
/// <param name="device">Device.</param>
public sealed class FreshWeights(long seed, ScalarType type, Device device) : WeightSource, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);
    private double _bound;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        bool weight = name.EndsWith("weight", StringComparison.Ordinal);
        // A layer asks for its weight before its bias: the bias has the weight's bound.
        if (weight)
            _bound = shape.Length > 1 ? 1 / Math.Sqrt(shape[1..].Aggregate(1L, (a, b) => a * b)) : 0;
        Tensor drawn = _bound == 0
            ? TensorMath.Filled(shape, weight ? 1 : 0, ScalarType.Float32)
            : rand(shape, ScalarType.Float32, generator: _generator).Times(2 * _bound).Minus(_bound);
        return drawn.to(type, device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
