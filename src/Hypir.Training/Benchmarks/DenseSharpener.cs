using Hypir.Networks;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Benchmarks;

/// <summary>
/// The sharpener with a two-dimensional filter as the reference computes it, one convolution group a plane: what the separable one is measured against.
/// </summary>
internal static class DenseSharpener
{
    /// <summary>As <see cref="UnsharpMask.Apply"/>.</summary>
    public static Tensor Apply(Tensor images, SharpenSettings settings, double[] window)
    {
        var axis = tensor(window);
        var kernel = axis.outer(axis).to(images.dtype);
        var difference = images - Blur(images, kernel);
        var mask = Blur(difference.abs().Times(255).IsAbove(settings.Threshold).to(images.dtype), kernel);
        var sharp = images.Plus(difference.Times(settings.Weight)).ClampInPlace(0, 1);
        return (mask * sharp).Plus(mask.SubtractedFrom(1) * images);
    }

    private static Tensor Blur(Tensor images, Tensor kernel)
    {
        int radius = (int)kernel.shape[0] / 2;
        long planes = images.shape[0] * images.shape[1];
        var padded = Reflection.Pad(images, radius, radius, radius, radius);
        var weights = kernel.expand(planes, 1, kernel.shape[0], kernel.shape[1]);
        return nn.functional.conv2d(padded.reshape(1, planes, padded.shape[2], padded.shape[3]), weights, groups: planes).reshape(images.shape);
    }
}
