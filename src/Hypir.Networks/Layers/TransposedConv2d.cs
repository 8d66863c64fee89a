using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Transposed convolution whose stride is its kernel: each position becomes a block of pixels that no other writes to.</summary>
public sealed class TransposedConv2d : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly long _stride;

    /// <summary>Takes weight (in, out, factor, factor) and bias (out) from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="factor">How many times larger the result is.</param>
    /// <param name="bias">Whether it has a bias.</param>
    public TransposedConv2d(WeightScope weights, long inChannels, long outChannels, long factor, bool bias = true)
        : base(nameof(TransposedConv2d))
    {
        _weight = this.Own("weight", weights.Parameter("weight", inChannels, outChannels, factor, factor));
        _bias = bias ? this.Own("bias", weights.Parameter("bias", outChannels)) : null;
        _stride = factor;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => nn.functional.conv_transpose2d(x, _weight, _bias, strides: [_stride, _stride]);
}
