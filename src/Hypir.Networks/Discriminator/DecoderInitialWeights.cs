using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// Weights of a new <see cref="MultiLevelDecoder"/> as PyTorch draws them: weights and biases uniform within 1/√fan-in, u and v normal and scaled to
/// length 1, without any power iteration. So the first generator step sees wild logits, as in the reference.
/// </summary>
/// <param name="seed">Of the draw; tensors follow one another in the order in which the network asks.</param>
/// <param name="type">Floating-point type.</param>
/// <param name="device">Device.</param>
public sealed class DecoderInitialWeights(long seed, ScalarType type, Device device) : WeightSource, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);
    private long _fanIn = 1;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        string kind = name[(name.LastIndexOf('.') + 1)..];
        Tensor drawn = kind switch
        {
            "filt" => BlurPool.Filter(shape[0]),
            "weight_u" or "weight_v" => nn.functional.normalize(randn(shape, ScalarType.Float32, generator: _generator), dim: 0),
            _ => Uniform(kind, shape),
        };
        return drawn.to(type, device).MoveToOuterDisposeScope();
    }

    /// <summary>A layer asks for its weight before its bias: the bias has the weight's fan-in.</summary>
    private Tensor Uniform(string kind, long[] shape)
    {
        if (kind == "weight_orig")
            _fanIn = shape[1..].Aggregate(1L, (a, b) => a * b);
        double bound = 1 / Math.Sqrt(_fanIn);
        return rand(shape, ScalarType.Float32, generator: _generator).Times(2 * bound).Minus(bound);
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
