using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Chains of operations that free each intermediate result at once: half of a network's peak memory would be such results.</summary>
internal static class TensorExtensions
{
    /// <summary>Applies a function and disposes its argument. (Autograd keeps what it needs by itself.)</summary>
    public static Tensor Then(this Tensor x, Func<Tensor, Tensor> function)
    {
        Tensor y = function(x);
        if (!ReferenceEquals(x, y))
            x.Dispose();
        return y;
    }

    /// <summary>The sum of both, which are disposed.</summary>
    public static Tensor PlusOwned(this Tensor x, Tensor y)
    {
        Tensor sum = x.Plus(y);
        x.Dispose();
        y.Dispose();
        return sum;
    }
}
