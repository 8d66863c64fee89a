using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>An affine map with spectral normalisation.</summary>
internal sealed class SpectralLinear(WeightScope weights, long inFeatures, long outFeatures)
    : SpectralLayer(nameof(SpectralLinear), weights, outFeatures, inFeatures)
{
    public override Tensor forward(Tensor x) => Normalised().Then(weight => nn.functional.linear(x, weight, Bias));
}
