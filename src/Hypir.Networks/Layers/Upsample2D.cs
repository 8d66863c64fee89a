using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Enlarges by repeating pixels, then smooths by a 3x3 convolution.</summary>
public sealed class Upsample2D : NetworkModule<Tensor, long[], Tensor>
{
    private readonly Conv2d _conv;

    /// <summary>Takes its weights from the scope.</summary>
    public Upsample2D(WeightScope weights, long channels)
        : base(nameof(Upsample2D)) => _conv = this.Child("conv", new Conv2d(weights["conv"], channels, channels, 3, padding: 1));

    /// <summary>The enlarged map.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="size">Height and width of the result: twice the input's, or one less where the way down met an odd size.</param>
    public override Tensor forward(Tensor x, long[] size) =>
        nn.functional.interpolate(x, size: size, mode: InterpolationMode.Nearest).Then(_conv.call);
}
