using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// A layer whose weight is divided by an estimate of its largest singular value (Miyato et al., 2018), like torch.nn.utils.spectral_norm:
/// each forward pass in training mode does one power iteration, v before u; the gradient flows through sigma = u' W v, with u and v
/// constant.
/// </summary>
internal abstract class SpectralLayer : NetworkModule<Tensor, Tensor>
{
    private const double Epsilon = 1e-12;
    private readonly Parameter _original;
    private readonly Tensor _u;
    private readonly Tensor _v;

    private protected SpectralLayer(string name, WeightScope weights, params long[] shape)
        : base(name)
    {
        _original = this.Own("weight_orig", weights.Parameter("weight_orig", shape));
        Bias = this.Own("bias", weights.Parameter("bias", shape[0]));
        _u = this.OwnBuffer("weight_u", weights.Buffer("weight_u", shape[0]));
        _v = this.OwnBuffer("weight_v", weights.Buffer("weight_v", shape[1..].Aggregate(1L, (a, b) => a * b)));
    }

    /// <summary>The bias, one number per output.</summary>
    protected Parameter Bias { get; }

    /// <summary>The weight of this forward pass, owned by the caller.</summary>
    protected Tensor Normalised()
    {
        using var scope = NewDisposeScope();
        Tensor matrix = _original.flatten(1);
        if (training)
            Iterate(matrix);
        // Copies: a discriminator step has two forward passes before its backward pass, and the second changes the buffers in place.
        Tensor sigma = _u.clone().dot(matrix.mv(_v.clone()));
        return (_original / sigma).MoveToOuterDisposeScope();
    }

    private void Iterate(Tensor matrix)
    {
        using var noGradient = no_grad();
        _v.copy_(nn.functional.normalize(matrix.t().mv(_u), dim: 0, eps: Epsilon));
        _u.copy_(nn.functional.normalize(matrix.mv(_v), dim: 0, eps: Epsilon));
    }
}

/// <summary>A convolution of stride 2 without padding, with spectral normalization.</summary>
internal sealed class SpectralConv2d(WeightScope weights, long inChannels, long outChannels, long kernel)
    : SpectralLayer(nameof(SpectralConv2d), weights, outChannels, inChannels, kernel, kernel)
{
    public override Tensor forward(Tensor x) => Normalised().Then(weight => WholeBlocks.Convolve(x, weight, Bias, stride: 2));
}

/// <summary>An affine map with spectral normalization.</summary>
internal sealed class SpectralLinear(WeightScope weights, long inFeatures, long outFeatures)
    : SpectralLayer(nameof(SpectralLinear), weights, outFeatures, inFeatures)
{
    public override Tensor forward(Tensor x) => Normalised().Then(weight => nn.functional.linear(x, weight, Bias));
}
