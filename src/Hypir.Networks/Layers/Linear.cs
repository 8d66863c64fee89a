using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>A layer that a low-rank adapter can stand beside.</summary>
public interface ILoraTarget
{
    /// <summary>Shape of the layer's weight: (out, in) or (out, in, kernel height, kernel width).</summary>
    IReadOnlyList<long> WeightShape { get; }

    /// <summary>Puts an adapter beside the layer; its output is added from then on.</summary>
    /// <param name="pair">Parameters of shapes <see cref="LoraShapes"/>; the layer owns them afterwards.</param>
    void Attach(LoraPair pair);
}

/// <summary>Affine map of the last dimension, <c>y = x Wᵀ + b</c>, with an optional low-rank adapter: <c>+ (x Aᵀ) Bᵀ</c>.</summary>
public sealed class Linear : NetworkModule<Tensor, Tensor>, ILoraTarget
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private LoraPair? _lora;

    /// <summary>Takes weight (out, in) and bias (out) from the scope.</summary>
    public Linear(WeightScope weights, long inFeatures, long outFeatures, bool bias = true)
        : base(nameof(Linear))
    {
        _weight = this.Own("weight", weights.Parameter("weight", outFeatures, inFeatures));
        _bias = bias ? this.Own("bias", weights.Parameter("bias", outFeatures)) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> WeightShape => _weight.shape;

    /// <summary>The type that the layer computes in.</summary>
    public ScalarType Type => _weight.dtype;

    /// <inheritdoc/>
    public void Attach(LoraPair pair)
    {
        _lora = pair;
        pair.Register(this);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        Tensor y = nn.functional.linear(x, _weight, _bias);
        if (_lora is null)
            return y;
        using var scope = NewDisposeScope();
        // The adapter computes in the layer's type; its gradients arrive in its own.
        Tensor low = nn.functional.linear(x, _lora.Down.to(x.dtype));
        return y.PlusOwned(nn.functional.linear(low, _lora.Up.to(x.dtype))).MoveToOuterDisposeScope();
    }
}

/// <summary>Rows of a table by index.</summary>
public sealed class Embedding : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;

    /// <summary>Takes weight (entries, width) from the scope.</summary>
    public Embedding(WeightScope weights, long entries, long width)
        : base(nameof(Embedding)) => _weight = this.Own("weight", weights.Parameter("weight", entries, width));

    /// <summary>The rows of these indices: (…) int64 → (…, width).</summary>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return _weight.index_select(0, ids.flatten()).unflatten(0, ids.shape).MoveToOuterDisposeScope();
    }
}
