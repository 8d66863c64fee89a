using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>A convolution of each channel by itself, which keeps the map's size.</summary>
internal sealed class DepthwiseConv2d : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _channels;
    private readonly long _padding;

    public DepthwiseConv2d(WeightScope weights, long channels, long kernel)
        : base(nameof(DepthwiseConv2d))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels, 1, kernel, kernel));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        (_channels, _padding) = (channels, kernel / 2);
    }

    public override Tensor forward(Tensor x) => nn.functional.conv2d(x, _weight, _bias, padding: [_padding, _padding], groups: _channels);
}
