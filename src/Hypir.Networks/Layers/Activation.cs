using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Activation functions by the names that configuration files use.</summary>
internal static class Activation
{
    public static Func<Tensor, Tensor> Named(string name) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "mish" => x => nn.functional.mish(x),
        "relu" => x => nn.functional.relu(x),
        "gelu" => x => nn.functional.gelu(x),
        "quick_gelu" => x => x * sigmoid(1.702 * x),
        _ => throw new ModelException($"The activation function \"{name}\" is not known.", "Known are silu, swish, mish, relu, gelu and quick_gelu."),
    };
}
