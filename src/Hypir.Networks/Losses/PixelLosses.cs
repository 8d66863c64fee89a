using static TorchSharp.torch;

namespace Hypir.Networks.Losses;

/// <summary>Losses between two sets of images, position by position: means over all elements, as scalars owned by the caller.</summary>
public static class PixelLosses
{
    /// <summary>How far the Charbonnier loss rounds the corner at zero, as in Lai et al. (2017).</summary>
    private const double Corner = 1e-3;

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
