using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>Causal multi-head self-attention with CLIP's names: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>out_proj</c>.</summary>
internal sealed class ClipAttention : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _qProj;
    private readonly Linear _kProj;
    private readonly Linear _vProj;
    private readonly Linear _outProj;
    private readonly long _heads;

    public ClipAttention(WeightScope weights, long width, long heads)
        : base(nameof(ClipAttention))
    {
        _heads = heads;
        _qProj = this.Child("q_proj", new Linear(weights["q_proj"], width, width));
        _kProj = this.Child("k_proj", new Linear(weights["k_proj"], width, width));
        _vProj = this.Child("v_proj", new Linear(weights["v_proj"], width, width));
        _outProj = this.Child("out_proj", new Linear(weights["out_proj"], width, width));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor mixed = nn.functional.scaled_dot_product_attention(Split(_qProj.call(x)), Split(_kProj.call(x)), Split(_vProj.call(x)), is_casual: true);
        return _outProj.call(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    private Tensor Split(Tensor x) => x.unflatten(2, [_heads, -1]).transpose(1, 2);
}
