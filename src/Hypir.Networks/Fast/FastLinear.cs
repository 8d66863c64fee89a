using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Affine maps of the last dimension, several of the same input as one. On a CPU it is written as a 1x1 convolution: the same products, by the library whose
/// kernels are the faster ones (twice as fast on processors that are not Intel's).
/// </summary>
internal sealed class FastLinear
{
    /// <summary>Takes its weights from the scopes.</summary>
    /// <param name="kept">Owns what is kept.</param>
    /// <param name="inFeatures">Width of the input.</param>
    /// <param name="outFeatures">Width of each map's result.</param>
    /// <param name="bias">Whether the maps have biases.</param>
    /// <param name="places">The plain modules' places; their results follow each other.</param>
    public FastLinear(KeptTensors kept, long inFeatures, long outFeatures, bool bias, params ReadOnlySpan<WeightScope> places)
    {
        using var scope = NewDisposeScope();
        Tensor[] weights = [.. Each(places, place => place.Tensor("weight", outFeatures, inFeatures).reshape(outFeatures, inFeatures))];
        Weight = kept.Keep(weights.Length == 1 ? weights[0].contiguous() : cat(weights));
        if (bias)
            Bias = kept.Keep(cat([.. Each(places, place => place.Tensor("bias", outFeatures))]));
    }

    /// <summary>(out features of all maps, in features), contiguous.</summary>
    public Tensor Weight { get; }

    /// <summary>(out features of all maps), contiguous, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>The map.</summary>
    /// <param name="x">(…, in features), contiguous.</param>
    /// <returns>(…, out features), contiguous, owned by the caller.</returns>
    public Tensor Forward(Tensor x)
    {
        if (!TensorMemory.Serves(x.dtype, x.device_type))
            return nn.functional.linear(x, Weight, Bias);
        using var scope = NewDisposeScope();
        Tensor map = x.reshape(1, 1, -1, x.shape[^1]).permute(0, 3, 1, 2);
        Tensor y = nn.functional.conv2d(map, Weight.unsqueeze(-1).unsqueeze(-1), Bias);
        return y.permute(0, 2, 3, 1).reshape([.. x.shape[..^1], Weight.shape[0]]).MoveToOuterDisposeScope();
    }

    private static List<Tensor> Each(ReadOnlySpan<WeightScope> places, Func<WeightScope, Tensor> get)
    {
        List<Tensor> all = [];
        foreach (WeightScope place in places)
            all.Add(get(place));
        return all;
    }
}
