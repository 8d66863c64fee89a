using Hypir.Networks.Fast.Training;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>Two 3x3 convolutions with a ReLU between, around a residual; <c>res.0</c> and <c>res.2</c> in the checkpoint.</summary>
internal sealed class ResidualBlock : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;

    public ResidualBlock(WeightScope weights, long channels, bool bias)
        : base(nameof(ResidualBlock))
    {
        ModuleGroup res = this.Child("res", new ModuleGroup("res"));
        _first = res.Child("0", new Conv2d(weights["res.0"], channels, channels, 3, padding: 1, bias: bias));
        _second = res.Child("2", new Conv2d(weights["res.2"], channels, channels, 3, padding: 1, bias: bias));
    }

    /// <summary>What is added to the input: (B, C, H, W) → the same shape.</summary>
    public Tensor Branch(Tensor x) => _first.call(x).Then(t => nn.functional.relu(t)).Then(_second.call);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => FastGradients.Residual(x, _first, _second) ?? Branch(x).Then(t => t.Plus(x));

    /// <summary>The branch scaled and shifted by channel before it is added.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="scale">(B, C, 1, 1).</param>
    /// <param name="shift">(B, C, 1, 1).</param>
    public Tensor Modulated(Tensor x, Tensor scale, Tensor shift) =>
        Branch(x).Then(t => t * scale).Then(t => t.Plus(shift)).Then(t => t.Plus(x));
}
