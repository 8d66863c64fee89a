using Hypir.Networks.Discriminator;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Testing;

/// <summary>
/// A network's weights from a golden case, under a prefix; the filters of <see cref="BlurPool"/>, which the cases leave out, are computed.
/// </summary>
/// <param name="golden">The case.</param>
/// <param name="prefix">What stands before the network's own names.</param>
/// <param name="rename">Turns a network's name into the case's, or null where they agree.</param>
public sealed class GoldenWeights(GoldenCase golden, string prefix, Func<string, string>? rename = null) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        string key = prefix + (rename?.Invoke(name) ?? name);
        Tensor value =
            !golden.Has(key) && name.EndsWith(".filt", StringComparison.Ordinal)
                ? BlurPool.Filter(shape[0]).to(ScalarType.Float64)
                : golden[key].clone();
        Assert.IsTrue(
            value.shape.SequenceEqual(shape),
            $"{key} is [{string.Join(',', value.shape)}], the network needs [{string.Join(',', shape)}]."
        );
        return value.MoveToOuterDisposeScope();
    }
}
