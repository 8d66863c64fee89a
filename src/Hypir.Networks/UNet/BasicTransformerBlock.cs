using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>Self-attention, cross-attention to the text, feed-forward; each after a layer norm and around a residual.</summary>
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
