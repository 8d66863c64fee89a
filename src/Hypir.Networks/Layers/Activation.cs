using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Activation functions by the names that configuration files use.</summary>
internal static class Activation
{
    public static Func<Tensor, Tensor> Named(string name) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "mish" => x => x.Mish(),
        "relu" => x => nn.functional.relu(x),
        "gelu" => x => nn.functional.gelu(x),
        "quick_gelu" => x => x * sigmoid(x.Times(1.702)),
        _ => throw new ModelException($"The activation function \"{name}\" is not known.", "Known are silu, swish, mish, relu, gelu and quick_gelu."),
    };
}
