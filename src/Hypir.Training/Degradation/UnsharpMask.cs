using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// Sharpening with an unsharp mask (USM): where a picture differs from its blurred self by more than a threshold, part of the difference is added, with the
/// mask itself blurred so that no border shows. Real-ESRGAN (Wang et al. 2021) trains towards targets sharpened so.
/// </summary>
public static class UnsharpMask
{
    /// <summary>
    /// <c>d = x - G x; m = G [255 |d| &gt; threshold]; out = m clip(x + weight d) + (1 - m) x</c>, G the Gaussian blur.
    /// </summary>
    /// <param name="images">(B, C, H, W) in [0, 1].</param>
    /// <param name="settings">Window, weight and threshold.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Apply(Tensor images, SharpenSettings settings)
    {
        using var scope = NewDisposeScope();
        double[] window = GaussianWindow.Weights(settings.Radius, settings.Sigma);
        // In place where it can be: memory that was not touched lately costs more than the arithmetic.
        var difference = GaussianWindow.Blur(images, window).sub_(images).neg_();
        Tensor mask;
        using (var strong = difference.abs().MultiplyInPlace(255).IsAbove(settings.Threshold))
            mask = GaussianWindow.Blur(strong.to(images.dtype), window);
        var sharp = difference.MultiplyInPlace(settings.Weight).AddInPlace(images).ClampInPlace(0, 1);
        return images.lerp(sharp, mask).MoveToOuterDisposeScope();
    }
}
