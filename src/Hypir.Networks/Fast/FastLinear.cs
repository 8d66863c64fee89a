using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Affine maps of the last dimension; several maps of the same input are combined into one. They are not implemented as 1x1 convolutions,
/// although oneDNN 3.7.1 computes those twice as fast on non-Intel processors: its last outputs are wrong for some widths and thread counts
/// (such as 320 to 1280 of 512 positions with two threads).
/// </summary>
internal sealed class FastLinear
{
    /// <summary>Takes its weights from the scopes.</summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="inFeatures">Width of the input.</param>
    /// <param name="outFeatures">Width of each map's result.</param>
    /// <param name="bias">Whether the maps have biases.</param>
    /// <param name="places">The plain modules' places; their results are concatenated.</param>
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

    /// <summary>Computes the map.</summary>
    /// <param name="x">(…, in features), contiguous.</param>
    /// <returns>(…, out features), contiguous, owned by the caller.</returns>
    public Tensor Forward(Tensor x) => nn.functional.linear(x, Weight, Bias);

    private static List<Tensor> Each(ReadOnlySpan<WeightScope> places, Func<WeightScope, Tensor> get)
    {
        List<Tensor> all = [];
        foreach (WeightScope place in places)
            all.Add(get(place));
        return all;
    }
}

/// <summary>Presents a 1x1 convolution's kernel as a matrix.</summary>
internal sealed class FlatKernel(WeightScope kernel) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape) =>
        name == "bias" ? kernel.Tensor(name, shape) : kernel.Tensor(name, [.. shape, 1, 1]).Then(t => t.reshape(shape));
}
