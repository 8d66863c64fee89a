using static TorchSharp.torch;

namespace Hypir.Networks.Losses;

/// <summary>Losses between two sets of images, position by position: means over all elements, as scalars owned by the caller.</summary>
public static class PixelLosses
{
    /// <summary>How far the Charbonnier loss rounds the corner at zero, as in Lai et al. (2017).</summary>
    private const double Corner = 1e-3;

    /// <summary>The squared difference of 36 dB, where white is 2 above black.</summary>
    private const double Floor = 1e-3;

    /// <summary>Mean squared difference.</summary>
    public static Tensor L2(Tensor image, Tensor target) => nn.functional.mse_loss(image, target);

    /// <summary>Mean absolute difference.</summary>
    public static Tensor L1(Tensor image, Tensor target) => nn.functional.l1_loss(image, target);

    /// <summary>Mean of √(d² + 10⁻⁶): L1 with a smooth corner (Charbonnier et al., 1994).</summary>
    public static Tensor Charbonnier(Tensor image, Tensor target)
    {
        using var scope = NewDisposeScope();
        return (image - target).Squared().Plus(Corner * Corner).sqrt().mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean over the images of ln(e + f), where e is the image's mean squared difference and f that of 36 dB: a decibel counts the same for
    /// strong and weak damage (NAFNet's loss), but what is better than 36 dB counts less, or undamaged images would decide each step.
    /// </summary>
    /// <param name="image">(B, C, H, W) in [-1, 1].</param>
    /// <param name="target">The same shape.</param>
    public static Tensor Psnr(Tensor image, Tensor target)
    {
        using var scope = NewDisposeScope();
        return (image - target).Squared().mean([1, 2, 3]).Plus(Floor).log().mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean absolute difference of the real and imaginary parts of the 2D spectra (Cho et al., 2021), with the orthonormal transform, so
    /// that its magnitude matches an L1 of images.
    /// </summary>
    public static Tensor Frequency(Tensor image, Tensor target)
    {
        using var scope = NewDisposeScope();
        // The spectrum is linear: one transform of the difference is enough.
        Tensor spectrum = fft.rfft2(image - target, norm: TorchSharp.FFTNormType.Ortho);
        return spectrum.view_as_real().abs().mean().MoveToOuterDisposeScope();
    }
}
