using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// A ConvNeXt block (Liu et al., 2022): depthwise 7x7 convolution, layer norm, a two-layer perceptron with a fourfold inner width, and a
/// learned scale per channel, all with a residual connection. Names as in timm.
/// </summary>
internal sealed class ConvNextBlock : NetworkModule<Tensor, Tensor>
{
    private const int Expansion = 4;
    private const int Kernel = 7;
    private readonly DepthwiseConv2d _convDw;
    private readonly Hypir.Networks.Layers.LayerNorm _norm;
    private readonly Hypir.Networks.Layers.Linear _fc1;
    private readonly Hypir.Networks.Layers.Linear _fc2;
    private readonly Parameter _gamma;

    public ConvNextBlock(WeightScope weights, long channels, double epsilon)
        : base(nameof(ConvNextBlock))
    {
        _convDw = this.Child("conv_dw", new DepthwiseConv2d(weights["conv_dw"], channels, Kernel));
        _norm = this.Child("norm", new Hypir.Networks.Layers.LayerNorm(weights["norm"], channels, epsilon));
        ModuleGroup mlp = this.Child("mlp", new ModuleGroup("mlp"));
        _fc1 = mlp.Child("fc1", new Hypir.Networks.Layers.Linear(weights["mlp.fc1"], channels, Expansion * channels));
        _fc2 = mlp.Child("fc2", new Hypir.Networks.Layers.Linear(weights["mlp.fc2"], Expansion * channels, channels));
        _gamma = this.Own("gamma", weights.Parameter("gamma", channels));
    }

    public override Tensor forward(Tensor x)
    {
        Tensor h = _convDw
            .call(x)
            .Then(t => t.permute(0, 2, 3, 1))
            .Then(_norm.call)
            .Then(_fc1.call)
            .Then(t => nn.functional.gelu(t))
            .Then(_fc2.call);
        return h.Then(t => t * _gamma).Then(t => t.permute(0, 3, 1, 2)).Then(t => x.Plus(t));
    }
}
