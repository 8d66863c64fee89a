using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Chains of operations that free each intermediate result at once; otherwise such results would be half of a network's peak memory.
/// </summary>
internal static class TensorExtensions
{
    /// <summary>Applies a function and disposes its argument. (Autograd itself keeps what it needs.)</summary>
    public static Tensor Then(this Tensor x, Func<Tensor, Tensor> function)
    {
        Tensor y = function(x);
        if (!ReferenceEquals(x, y))
            x.Dispose();
        return y;
    }

    /// <summary>The sum of both; both are disposed.</summary>
    public static Tensor PlusOwned(this Tensor x, Tensor y)
    {
        Tensor sum = x.Plus(y);
        x.Dispose();
        y.Dispose();
        return sum;
    }
}

/// <summary>Activation functions by their names in configuration files.</summary>
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
                $"The activation function \"{name}\" is unknown.", "Known functions are silu, swish, mish, relu, gelu and quick_gelu."),
        };
}
