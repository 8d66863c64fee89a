using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.SwinIr;

/// <summary>
/// A Swin transformer block: attention within windows, then a two-layer perceptron, each after a norm and around a residual.
/// </summary>
internal sealed class SwinIrBlock : NetworkModule<Tensor, Tensor>
{
    private static readonly WindowAttentionStyle Style =
        new("qkv", "proj", "relative_position_bias_table", HeadsFirst: false, SwinIrOutline.HiddenScore);

    private readonly LayerNorm _norm1;
    private readonly WindowAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Linear _first;
    private readonly Linear _second;

    public SwinIrBlock(WeightScope weights, SwinIrOutline outline, long heads, bool shifted)
        : base(nameof(SwinIrBlock))
    {
        (long width, long shift) = (outline.Features, shifted ? outline.Window / 2 : 0);
        _norm1 = this.Child("norm1", new LayerNorm(weights["norm1"], width));
        _attention = this.Child("attn", new WindowAttention(weights["attn"], width, heads, outline.Window, shift, Style));
        _norm2 = this.Child("norm2", new LayerNorm(weights["norm2"], width));
        ModuleGroup mlp = this.Child("mlp", new ModuleGroup("mlp"));
        _first = mlp.Child("fc1", new Linear(weights["mlp.fc1"], width, outline.Hidden));
        _second = mlp.Child("fc2", new Linear(weights["mlp.fc2"], outline.Hidden, width));
    }

    /// <summary>(B, H, W, C), multiples of the window → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor y = _norm1.call(x).Then(_attention.call).Then(t => x.Plus(t));
        return y.Then(t =>
            _norm2.call(t).Then(_first.call).Then(u => nn.functional.gelu(u)).Then(_second.call).Then(u => t.Plus(u)));
    }
}

/// <summary>Transformer blocks, then one convolution or three, around a residual.</summary>
internal sealed class SwinIrGroup : NetworkModule
{
    private readonly string _name;
    private readonly string _convolutionName;
    private readonly SwinIrBlock[] _blocks;
    private readonly GroupConvolution _convolution;

    public SwinIrGroup(WeightScope weights, SwinIrOutline outline, int depth, long heads)
        : base(nameof(SwinIrGroup))
    {
        (_name, _convolutionName) = ($"{weights.Prefix}.residual_group.blocks", $"{weights.Prefix}.conv");
        // Every second block shifts its windows.
        _blocks = this.Child("residual_group", new ModuleGroup("residual_group")).Children(
            "blocks",
            Enumerable.Range(0, depth).Select(i => new SwinIrBlock(weights[$"residual_group.blocks.{i}"], outline, heads, i % 2 == 1)));
        _convolution = this.Child("conv", new GroupConvolution(weights["conv"], outline.Features, outline.ThreeConvolutions));
    }

    /// <summary>(B, H, W, C) → the same shape; the input is disposed, the caller owns the result.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h = x.alias();
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"{_name}.{i}");
            h = h.Then(_blocks[i].call);
        }

        run.EnterBlock(_convolutionName);
        return h.Then(t => t.permute(0, 3, 1, 2)).Then(_convolution.call).Then(t => t.permute(0, 2, 3, 1)).PlusOwned(x);
    }
}
