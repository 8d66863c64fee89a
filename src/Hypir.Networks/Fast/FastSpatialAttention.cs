using System.Numerics;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary><see cref="Layers.SpatialAttention"/> on maps with channels last, with queries, keys and values in one product.</summary>
internal sealed class FastSpatialAttention
{
    private readonly MapMemory _memory;
    private readonly FastNorm _norm;
    private readonly FastLinear _all;
    private readonly FastLinear _out;

    /// <inheritdoc cref="Layers.SpatialAttention(WeightScope, long, long, double)"/>
    public FastSpatialAttention(KeptTensors kept, WeightScope weights, long channels, long groups, double epsilon)
    {
        _memory = kept.Maps;
        _norm = new FastNorm(kept, weights["group_norm"], groups, channels, epsilon, null);
        _all = new FastLinear(kept, channels, channels, true, weights["to_q"], weights["to_k"], weights["to_v"]);
        _out = new FastLinear(kept, channels, channels, true, weights["to_out.0"]);
    }

    /// <summary>(B, H, W, C) → the same shape, owned by the caller.</summary>
    public FastMap Forward(FastMap x)
    {
        if (TensorMemory.SupportsSimd(x.Parts[0].Values))
            return x.Parts[0].Values.dtype == ScalarType.Float32 ? Forward<float>(x) : Forward<double>(x);
        using var scope = NewDisposeScope();
        Tensor[] parts = _all.Forward(_norm.Apply(x).flatten(1, 2)).chunk(3, -1);
        Tensor mixed = _out.Forward(FastAttention.Compute(parts[0], parts[1], parts[2], 1));
        Tensor before = x.Whole();
        return new FastMap(mixed.AddInPlace(before.flatten(1, 2)).view(before.shape)).MoveToOuterDisposeScope();
    }

    private FastMap Forward<T>(FastMap x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        Tensor before = x.Whole();
        using var sequences = new BlockSequences<T>(_memory, x.Batch, x.Height * x.Width, before.shape[3]);
        sequences.Enter(_norm.Apply(x));
        sequences.Attend(null, _all, _out, 1, adds: false);
        Tensor y = _memory.Rent(before.shape, before.dtype, out IDisposable lease);
        sequences.Leave(before, y);
        return new FastMap(y, lease: lease).MoveToOuterDisposeScope();
    }
}
