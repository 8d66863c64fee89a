using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>A layer that supports a low-rank adapter.</summary>
public interface ILoraTarget
{
    /// <summary>Shape of the layer's weight: (out, in) or (out, in, kernel height, kernel width).</summary>
    IReadOnlyList<long> WeightShape { get; }

    /// <summary>Attaches an adapter, whose output is added from then on.</summary>
    /// <param name="pair">Parameters of shapes <see cref="LoraShapes"/>; the layer takes ownership.</param>
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

    /// <summary>The type in which the layer computes.</summary>
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
        // The adapter computes in the layer's type; its gradients have its own type.
        Tensor low = nn.functional.linear(x, _lora.Down.to(x.dtype));
        return y.PlusOwned(nn.functional.linear(low, _lora.Up.to(x.dtype))).MoveToOuterDisposeScope();
    }
}

/// <summary>Looks up rows of a table by index.</summary>
public sealed class Embedding : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;

    /// <summary>Takes weight (entries, width) from the scope.</summary>
    public Embedding(WeightScope weights, long entries, long width)
        : base(nameof(Embedding)) => _weight = this.Own("weight", weights.Parameter("weight", entries, width));

    /// <summary>The rows at these indices: (…) int64 → (…, width).</summary>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return _weight.index_select(0, ids.flatten()).unflatten(0, ids.shape).MoveToOuterDisposeScope();
    }
}
