using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>
/// Self-attention, cross-attention to the text, and feed-forward part; each after a layer norm and with a residual connection.
/// </summary>
internal sealed class BasicTransformerBlock : NetworkModule<Tensor, Tensor, Tensor>
{
    private readonly LayerNorm _norm1;
    private readonly Attention _attn1;
    private readonly LayerNorm _norm2;
    private readonly Attention _attn2;
    private readonly LayerNorm _norm3;
    private readonly FeedForward _ff;

    public BasicTransformerBlock(WeightScope weights, long width, long contextWidth, long heads, bool upcast)
        : base(nameof(BasicTransformerBlock))
    {
        _norm1 = this.Child("norm1", new LayerNorm(weights["norm1"], width));
        _attn1 = this.Child("attn1", new Attention(weights["attn1"], width, width, heads, upcast: upcast));
        _norm2 = this.Child("norm2", new LayerNorm(weights["norm2"], width));
        _attn2 = this.Child("attn2", new Attention(weights["attn2"], width, contextWidth, heads, upcast: upcast));
        _norm3 = this.Child("norm3", new LayerNorm(weights["norm3"], width));
        _ff = this.Child("ff", new FeedForward(weights["ff"], width));
    }

    /// <summary>x (B, N, width), text (B, M, context width) → (B, N, width).</summary>
    public override Tensor forward(Tensor x, Tensor text)
    {
        Tensor h = _norm1.call(x).Then(n => _attn1.call(n, n)).Then(a => x.Plus(a));
        h = h.PlusOwned(_norm2.call(h).Then(n => _attn2.call(n, text)));
        return h.PlusOwned(_norm3.call(h).Then(_ff.call));
    }
}

/// <summary>The transformer's feed-forward part with a fourfold inner width: <c>net.0</c> (gated), <c>net.2</c>.</summary>
internal sealed class FeedForward : NetworkModule<Tensor, Tensor>
{
    private readonly GeGlu _gate;
    private readonly Linear _out;

    public FeedForward(WeightScope weights, long width)
        : base(nameof(FeedForward))
    {
        ModuleGroup net = this.Child("net", new ModuleGroup("net"));
        _gate = net.Child("0", new GeGlu(weights["net.0"], width, TransformerBlock.Expansion * width));
        _out = net.Child("2", new Linear(weights["net.2"], TransformerBlock.Expansion * width, width));
    }

    public override Tensor forward(Tensor x) => _gate.call(x).Then(_out.call);
}

/// <summary>Gated linear unit with GELU (Shazeer, 2020): one map computes values and gates, <c>value * gelu(gate)</c>.</summary>
internal sealed class GeGlu : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _proj;

    public GeGlu(WeightScope weights, long width, long inner)
        : base(nameof(GeGlu)) => _proj = this.Child("proj", new Linear(weights["proj"], width, 2 * inner));

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = _proj.call(x).chunk(2, -1);
        return (halves[0] * nn.functional.gelu(halves[1])).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Transformer blocks over the positions of a feature map, with a residual connection; the input and output projections are linear maps or
/// 1x1 convolutions.
/// </summary>
internal sealed class Transformer2DModel : NetworkModule<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm _norm;
    private readonly nn.Module<Tensor, Tensor> _projIn;
    private readonly BasicTransformerBlock[] _blocks;
    private readonly nn.Module<Tensor, Tensor> _projOut;
    private readonly bool _linear;

    public Transformer2DModel(WeightScope weights, UNetConfig config, int level)
        : base(nameof(Transformer2DModel))
    {
        long width = config.BlockOutChannels[level];
        _linear = config.UseLinearProjection;
        _norm = this.Child("norm", new GroupNorm(weights["norm"], config.NormGroups, width, TransformerBlock.GroupEpsilon));
        _projIn = this.Child("proj_in", Projection(weights["proj_in"], width));
        _blocks = this.Children(
            "transformer_blocks",
            Enumerable
                .Range(0, config.TransformerLayers[level])
                .Select(i => new BasicTransformerBlock(
                    weights[$"transformer_blocks.{i}"], width, config.CrossAttentionDim, config.Heads[level], config.UpcastAttention))
        );
        _projOut = this.Child("proj_out", Projection(weights["proj_out"], width));
    }

    /// <summary>x (B, C, H, W), text (B, M, context width) → (B, C, H, W).</summary>
    public override Tensor forward(Tensor x, Tensor text)
    {
        long height = x.shape[2], width = x.shape[3];
        Tensor h = _norm.call(x);
        h = _linear ? h.Then(ToSequence).Then(_projIn.call) : h.Then(_projIn.call).Then(ToSequence);
        foreach (BasicTransformerBlock block in _blocks)
            h = h.Then(t => block.call(t, text));
        h = _linear ? h.Then(_projOut.call).Then(ToMap) : h.Then(ToMap).Then(_projOut.call);
        return h.Then(t => x.Plus(t));

        Tensor ToMap(Tensor sequence) => sequence.transpose(1, 2).Then(t => t.unflatten(2, [height, width]));
    }

    private static Tensor ToSequence(Tensor map) => map.flatten(2).Then(t => t.transpose(1, 2));

    private nn.Module<Tensor, Tensor> Projection(WeightScope weights, long width) =>
        _linear ? new Linear(weights, width, width) : new Conv2d(weights, width, width, 1);
}
