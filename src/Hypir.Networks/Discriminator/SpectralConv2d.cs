using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>A convolution of stride 2 without padding, with spectral normalisation.</summary>
internal sealed class SpectralConv2d(WeightScope weights, long inChannels, long outChannels, long kernel)
    : SpectralLayer(nameof(SpectralConv2d), weights, outChannels, inChannels, kernel, kernel)
{
    public override Tensor forward(Tensor x) => Normalised().Then(weight => nn.functional.conv2d(x, weight, Bias, strides: [2, 2]));
}
