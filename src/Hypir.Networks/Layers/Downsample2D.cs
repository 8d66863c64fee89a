using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Halves height and width by a 3x3 convolution of stride 2.</summary>
public sealed class Downsample2D : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _conv;
    private readonly bool _padAfter;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="channels">Channels of input and result.</param>
    /// <param name="padding">1 on all sides, or 0: then one row and column of zeros are added below and to the right, as the VAE does.</param>
    public Downsample2D(WeightScope weights, long channels, long padding)
        : base(nameof(Downsample2D))
    {
        _padAfter = padding == 0;
        _conv = this.Child("conv", new Conv2d(weights["conv"], channels, channels, 3, stride: 2, padding: padding));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) =>
        _padAfter ? nn.functional.pad(x, [0, 1, 0, 1]).Then(_conv.call) : _conv.call(x);
}
