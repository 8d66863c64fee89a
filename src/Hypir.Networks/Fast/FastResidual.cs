using Hypir.Networks.Weights;
using Hypir.Planning.Cost;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A residual block of two 3x3 convolutions with a rectifier between, on channels-last maps: with few channels, rectifier and sum are part
/// of the convolutions.
/// </summary>
internal sealed class FastResidual
{
    private readonly (NarrowConv First, NarrowConv Second)? _narrow;
    private readonly (Winograd First, Winograd Second)? _wide;
    private readonly Tensor _firstBias;
    private readonly Tensor _secondBias;
    private readonly MapMemory _memory;

    /// <summary>Copies the weights.</summary>
    /// <param name="kept">Owns retained tensors and the memory of maps.</param>
    /// <param name="weights">The place of <c>res.0</c> and <c>res.2</c>.</param>
    /// <param name="channels">Channels of the map, a multiple of <see cref="NarrowSizes.Lanes"/>.</param>
    public FastResidual(KeptTensors kept, WeightScope weights, long channels)
    {
        using var scope = NewDisposeScope();
        _memory = kept.Maps;
        Tensor first = weights["res.0"].Tensor("weight", channels, channels, 3, 3),
            second = weights["res.2"].Tensor("weight", channels, channels, 3, 3),
            none = zeros([channels], first.dtype);
        (_firstBias, _secondBias) = (kept.Keep(none.alias()), kept.Keep(none.alias()));
        if (FastKernels.IsNarrow(channels, channels))
            _narrow = (new(kept, first, none, slopes: none), new(kept, second, none));
        else
            _wide = (new(kept, first), new(kept, second));
    }

    /// <summary>Computes the block.</summary>
    /// <param name="source">(B, H, W, C), contiguous.</param>
    /// <param name="target">The same shape, written; it may be the source.</param>
    public void Forward(Tensor source, Tensor target)
    {
        using var scope = NewDisposeScope();
        if (_narrow is var (first, second))
        {
            Tensor between = _memory.Rent(source.shape, source.dtype, out IDisposable lease);
            using IDisposable rented = lease;
            first.Forward(source, between);
            second.Forward(between, target, residual: source);
            return;
        }

        using FastMap one = _wide!.Value.First.Forward(new(source.alias()), _firstBias);
        one.Whole().relu_();
        using FastMap other = _wide!.Value.Second.Forward(one, _secondBias, residual: source);
        target.copy_(other.Whole());
    }
}
