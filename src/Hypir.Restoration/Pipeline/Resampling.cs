using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Bicubic resampling as PyTorch's <c>interpolate</c> does it, edges repeated, corners not aligned; results may overshoot the input's range.</summary>
internal static class Resampling
{
    /// <summary>
    /// Scales by a factor that is passed on: output position i lies at (i + 0.5) / factor - 0.5, whatever the rounded-down size. Four taps with
    /// a = -0.75.
    /// </summary>
    /// <param name="x">(B, C, H, W), float32 or float64.</param>
    /// <param name="factor">Above 0.</param>
    /// <returns>(B, C, ⌊H·factor⌋, ⌊W·factor⌋).</returns>
    public static Tensor ByFactor(Tensor x, double factor) =>
        nn.functional.interpolate(x, scale_factor: [factor, factor], mode: InterpolationMode.Bicubic, align_corners: false);

    /// <summary>Scales to a size.</summary>
    /// <param name="x">(B, C, H, W), float32 or float64.</param>
    /// <param name="size">The new size.</param>
    /// <param name="antialias">Widens the filter where it shrinks (a = -0.5 then, also where it enlarges).</param>
    /// <returns>(B, C, size.Height, size.Width).</returns>
    public static Tensor ToSize(Tensor x, PixelSize size, bool antialias) =>
        nn.functional.interpolate(x, size: [size.Height, size.Width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: antialias);
}
