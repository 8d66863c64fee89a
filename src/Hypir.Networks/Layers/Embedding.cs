using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

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
