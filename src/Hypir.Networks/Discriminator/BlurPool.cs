using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The low-pass filter of Zhang (2019), "Making Convolutional Networks Shift-Invariant Again", at stride 1: each channel convolved with the binomial
/// [1 3 3 1] ⊗ [1 3 3 1] / 64, with zeros around. Its filter is a buffer (<c>filt</c>) as in the reference's files.
/// </summary>
public sealed class BlurPool : NetworkModule<Tensor, Tensor>
{
    private const int Padding = 1;
    private static readonly double[] Taps = [1, 3, 3, 1];
    private readonly Tensor _filter;
    private readonly long _channels;
    private readonly long _padding;

    /// <summary>Takes its filter (channels, 1, 4, 4) from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="extraPadding">Rows and columns of zeros on each side besides the one that is always there; without any, the map loses one row and column.</param>
    public BlurPool(WeightScope weights, long channels, long extraPadding = 0)
        : base(nameof(BlurPool))
    {
        _filter = this.OwnBuffer("filt", weights.Buffer("filt", channels, 1, Taps.Length, Taps.Length));
        (_channels, _padding) = (channels, Padding + extraPadding);
    }

    /// <summary>The filter of every such layer, (channels, 1, 4, 4) in float32, owned by the caller.</summary>
    /// <param name="channels">Channels of the map.</param>
    public static Tensor Filter(long channels)
    {
        using var scope = NewDisposeScope();
        Tensor taps = tensor(Taps);
        Tensor filter = taps.outer(taps);
        return (filter / filter.sum()).to(ScalarType.Float32).expand(channels, 1, -1, -1).clone().MoveToOuterDisposeScope();
    }

    /// <summary>(B, C, H, W) → (B, C, H - 1 + 2 * extra, W - 1 + 2 * extra).</summary>
    public override Tensor forward(Tensor x) => nn.functional.conv2d(x, _filter, padding: [_padding, _padding], groups: _channels);
}
