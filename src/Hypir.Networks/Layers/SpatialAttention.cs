using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Single-head self-attention over the positions of a feature map, with normalisation before and a residual around it: the VAE's mid-block
/// attention, <c>group_norm</c>, <c>to_q</c> … <c>to_out.0</c>.
/// </summary>
public sealed class SpatialAttention : NetworkModule<Tensor, Tensor>
{
    private readonly GroupNorm _groupNorm;
    private readonly Linear _toQ;
    private readonly Linear _toK;
    private readonly Linear _toV;
    private readonly Linear _toOut;

    /// <summary>Takes its weights from the scope.</summary>
    public SpatialAttention(WeightScope weights, long channels, long groups, double epsilon)
        : base(nameof(SpatialAttention))
    {
        _groupNorm = this.Child("group_norm", new GroupNorm(weights["group_norm"], groups, channels, epsilon));
        _toQ = this.Child("to_q", new Linear(weights["to_q"], channels, channels));
        _toK = this.Child("to_k", new Linear(weights["to_k"], channels, channels));
        _toV = this.Child("to_v", new Linear(weights["to_v"], channels, channels));
        _toOut = this.Children("to_out", [new Linear(weights["to_out.0"], channels, channels)])[0];
    }

    /// <summary>(B, C, H, W) → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long height = x.shape[2], width = x.shape[3];
        // Positions become the sequence: channels have to move last, a mere view would mix both.
        Tensor sequence = _groupNorm.call(x.flatten(2)).transpose(1, 2);
        Tensor q = _toQ.call(sequence).unsqueeze(1), k = _toK.call(sequence).unsqueeze(1), v = _toV.call(sequence).unsqueeze(1);
        Tensor mixed = _toOut.call(nn.functional.scaled_dot_product_attention(q, k, v).squeeze(1));
        return mixed.transpose(1, 2).unflatten(2, [height, width]).Plus(x).MoveToOuterDisposeScope();
    }
}
