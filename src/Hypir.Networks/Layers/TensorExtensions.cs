using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Chains of operations that free each intermediate result at once: half of a network's peak memory would be such results.
/// </summary>
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

/// <summary>Activation functions by the names that configuration files use.</summary>
internal static class Activation
{
    public static Func<Tensor, Tensor> Named(string name) =>
        name switch
        {
            "silu" or "swish" => x => nn.functional.silu(x),
            "mish" => x => x.Mish(),
            "relu" => x => nn.functional.relu(x),
            "gelu" => x => nn.functional.gelu(x),
            "quick_gelu" => x => x * sigmoid(x.Times(1.702)),
            _ => throw new ModelException(
                $"The activation function \"{name}\" is not known.", "Known are silu, swish, mish, relu, gelu and quick_gelu."),
        };
}
