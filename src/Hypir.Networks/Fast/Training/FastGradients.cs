using Hypir.Networks.Layers;
using Hypir.Planning.Cost;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast.Training;

/// <summary>The choice of our own convolutions in training.</summary>
public static class FastGradients
{
    /// <summary>Most channels; with more, libtorch is as fast.</summary>
    private const long Widest = 160;

    /// <summary>
    /// Lets a network's 3x3 convolutions compute forward and backward passes by the loops of this folder, where these are faster.
    /// </summary>
    /// <param name="network">A network to train on the CPU in float32 or float64; elsewhere this has no effect.</param>
    public static void Use(nn.Module network)
    {
        foreach (nn.Module module in network.modules())
            if (module is Conv2d convolution)
                convolution.HasFastGradients = true;
    }

    /// <summary>Whether a convolution's sizes and its map's type are supported, and gradients are wanted.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="weight">(K, C, 3, 3).</param>
    internal static bool Support(Tensor x, Tensor weight) =>
        is_grad_enabled() && TensorMemory.SupportsSimd(x) && x.dtype == weight.dtype && x.numel() > 0
        && Math.Max(weight.shape[0], weight.shape[1]) <= Widest;

    /// <summary>A convolution with padding 1.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="weight">(K, C, 3, 3).</param>
    /// <param name="bias">(K), or null.</param>
    /// <returns>(B, K, H, W), channels last.</returns>
    internal static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias) => ConvolutionFunction.Of(x, weight, bias);

    /// <summary>x + conv(relu(conv(x))).</summary>
    /// <param name="x">(B, C, H, W), C a multiple of <see cref="NarrowSizes.Lanes"/>.</param>
    /// <param name="first">The first convolution's kernels, (C, C, 3, 3), and bias, (C), or null.</param>
    /// <param name="second">The second convolution's.</param>
    /// <returns>(B, C, H, W), channels last.</returns>
    internal static Tensor Residual(Tensor x, (Tensor Weight, Tensor? Bias) first, (Tensor Weight, Tensor? Bias) second) =>
        ResidualFunction.Of(x, first, second);

    /// <summary>The same with a block's convolutions, if they support it; otherwise null.</summary>
    internal static Tensor? Residual(Tensor x, Conv2d first, Conv2d second) =>
        first.FastFor(x) is { } one && second.FastFor(x) is { } two && NarrowSizes.Padded(x.shape[1]) == x.shape[1]
            ? Residual(x, one, two)
            : null;
}
