using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>A convolution of each channel by itself, which keeps the map's size.</summary>
internal sealed class DepthwiseConv2d : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _channels;
    private readonly long _padding;

    /// <summary>Takes weight (channels, 1, kernel, kernel) and bias (channels) from the scope; the kernel is odd.</summary>
    public DepthwiseConv2d(WeightScope weights, long channels, long kernel)
        : base(nameof(DepthwiseConv2d))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels, 1, kernel, kernel));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        (_channels, _padding) = (channels, kernel / 2);
    }

    /// <summary>(B, C, H, W) → the same shape.</summary>
    public override Tensor forward(Tensor x) => nn.functional.conv2d(x, _weight, _bias, padding: [_padding, _padding], groups: _channels);
}
