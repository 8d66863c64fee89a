using Hypir.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>The two factors of a low-rank adapter (Hu et al., 2021) with alpha = rank, so that its scale is 1.</summary>
/// <param name="Down">lora_A: (r, in) or (r, in, kernel height, kernel width).</param>
/// <param name="Up">lora_B: (out, r) or (out, r, 1, 1).</param>
public sealed record LoraPair(Parameter Down, Parameter Up)
{
    /// <summary>Registers both under the names of the reference's files, <c>lora_A.default.weight</c> and <c>lora_B.default.weight</c>.</summary>
    internal void Register(nn.Module layer)
    {
        layer.register_module("lora_A", new Holder(Down));
        layer.register_module("lora_B", new Holder(Up));
    }

    private sealed class Holder : NetworkModule
    {
        public Holder(Parameter weight)
            : base(nameof(Holder)) => this.Child("default", new Leaf(weight));
    }

    private sealed class Leaf : NetworkModule
    {
        public Leaf(Parameter weight)
            : base(nameof(Leaf)) => this.Own("weight", weight);
    }
}
