using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.ScuNet;

/// <summary>
/// A block of SCUNet: a 1x1 convolution, whose channels are split; one half passes two 3x3 convolutions around a residual, the other a Swin
/// transformer block. Both are joined by a 1x1 convolution and added to the input.
/// </summary>
internal sealed class ScuNetBlock : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _enter;
    private readonly Conv2d _leave;
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly ScuNetTransformer _transformer;

    public ScuNetBlock(WeightScope weights, long channels, ScuNetOutline outline, bool shifted)
        : base(nameof(ScuNetBlock))
    {
        long half = channels / 2;
        _enter = this.Child("conv1_1", new Conv2d(weights["conv1_1"], channels, channels, 1));
        _leave = this.Child("conv1_2", new Conv2d(weights["conv1_2"], channels, channels, 1));
        ModuleGroup block = this.Child("conv_block", new ModuleGroup("conv_block"));
        _first = block.Child("0", new Conv2d(weights["conv_block.0"], half, half, 3, padding: 1, bias: false));
        _second = block.Child("2", new Conv2d(weights["conv_block.2"], half, half, 3, padding: 1, bias: false));
        _transformer = this.Child("trans_block", new ScuNetTransformer(weights["trans_block"], half, outline, shifted));
    }

    /// <summary>(B, C, H, W), multiples of the window → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor entered = _enter.call(x);
        Tensor[] halves = entered.chunk(2, 1);
        entered.Dispose();
        Tensor near = _first.call(halves[0]).Then(t => nn.functional.relu(t)).Then(_second.call).PlusOwned(halves[0]);
        Tensor far = halves[1].Then(t => t.permute(0, 2, 3, 1)).Then(_transformer.call).Then(t => t.permute(0, 3, 1, 2));
        return cat([near, far], 1).Then(_leave.call).Then(t => x.Plus(t)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within windows, then a two-layer perceptron, each after a norm and around a residual.</summary>
internal sealed class ScuNetTransformer : NetworkModule<Tensor, Tensor>
{
    private static readonly WindowAttentionStyle Style =
        new("embedding_layer", "linear", "relative_position_params", HeadsFirst: true, double.NegativeInfinity);

    private readonly LayerNorm _norm1;
    private readonly WindowAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Linear _first;
    private readonly Linear _second;

    public ScuNetTransformer(WeightScope weights, long channels, ScuNetOutline outline, bool shifted)
        : base(nameof(ScuNetTransformer))
    {
        long heads = channels / outline.HeadWidth, shift = shifted ? outline.Window / 2 : 0;
        _norm1 = this.Child("ln1", new LayerNorm(weights["ln1"], channels));
        _attention = this.Child("msa", new WindowAttention(weights["msa"], channels, heads, outline.Window, shift, Style));
        _norm2 = this.Child("ln2", new LayerNorm(weights["ln2"], channels));
        ModuleGroup mlp = this.Child("mlp", new ModuleGroup("mlp"));
        _first = mlp.Child("0", new Linear(weights["mlp.0"], channels, 4 * channels));
        _second = mlp.Child("2", new Linear(weights["mlp.2"], 4 * channels, channels));
    }

    /// <summary>(B, H, W, C), multiples of the window → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor y = _norm1.call(x).Then(_attention.call).Then(t => x.Plus(t));
        return y.Then(t =>
            _norm2.call(t).Then(_first.call).Then(u => nn.functional.gelu(u)).Then(_second.call).Then(u => t.Plus(u)));
    }
}
