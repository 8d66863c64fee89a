using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Multi-head attention (Vaswani et al., 2017) between sequences: <c>softmax(Q Kᵀ / √d) V</c>, then a linear map. Names as in diffusers:
/// <c>to_q</c>, <c>to_k</c>, <c>to_v</c>, <c>to_out.0</c>.
/// </summary>
public sealed class Attention : NetworkModule<Tensor, Tensor, Tensor>
{
    private readonly Linear _toQ;
    private readonly Linear _toK;
    private readonly Linear _toV;
    private readonly Linear _toOut;
    private readonly long _heads;
    private readonly bool _upcast;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="queryWidth">Width of the query sequence and of the result.</param>
    /// <param name="contextWidth">Width of the key and value sequence.</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="bias">Whether the three projections have a bias.</param>
    /// <param name="upcast">Whether products and softmax are computed in float32 for any type of the sequences.</param>
    public Attention(WeightScope weights, long queryWidth, long contextWidth, long heads, bool bias = false, bool upcast = false)
        : base(nameof(Attention))
    {
        (_heads, _upcast) = (heads, upcast);
        _toQ = this.Child("to_q", new Linear(weights["to_q"], queryWidth, queryWidth, bias));
        _toK = this.Child("to_k", new Linear(weights["to_k"], contextWidth, queryWidth, bias));
        _toV = this.Child("to_v", new Linear(weights["to_v"], contextWidth, queryWidth, bias));
        _toOut = this.Children("to_out", [new Linear(weights["to_out.0"], queryWidth, queryWidth)])[0];
    }

    /// <summary>Attention of each position of <paramref name="x"/> to those of <paramref name="context"/>.</summary>
    /// <param name="x">(B, N, width).</param>
    /// <param name="context">(B, M, context width).</param>
    /// <returns>(B, N, width).</returns>
    public override Tensor forward(Tensor x, Tensor context)
    {
        using var scope = NewDisposeScope();
        Tensor q = Split(_toQ.call(x)), k = Split(_toK.call(context)), v = Split(_toV.call(context));
        ScalarType type = v.dtype;
        if (_upcast && type is (ScalarType.Float16 or ScalarType.BFloat16))
            (q, k, v) = (q.to(ScalarType.Float32), k.to(ScalarType.Float32), v.to(ScalarType.Float32));
        Tensor mixed = nn.functional.scaled_dot_product_attention(q, k, v).to(type);
        return _toOut.call(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>(B, N, heads * d) → (B, heads, N, d).</summary>
    private Tensor Split(Tensor x) => x.unflatten(2, [_heads, -1]).transpose(1, 2);
}

/// <summary>
/// Single-head self-attention over the positions of a feature map, after a norm and with a residual connection: the VAE's mid-block
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
        // Positions become the sequence: channels must be transposed to the end, since a mere view would mix the two.
        Tensor sequence = _groupNorm.call(x.flatten(2)).transpose(1, 2);
        Tensor q = _toQ.call(sequence).unsqueeze(1), k = _toK.call(sequence).unsqueeze(1), v = _toV.call(sequence).unsqueeze(1);
        Tensor mixed = _toOut.call(nn.functional.scaled_dot_product_attention(q, k, v).squeeze(1));
        return mixed.transpose(1, 2).unflatten(2, [height, width]).Plus(x).MoveToOuterDisposeScope();
    }
}
