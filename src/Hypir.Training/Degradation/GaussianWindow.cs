using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// A wide Gaussian blur done on one axis and then on the other. A Gaussian is the product of its two axes, so the result is that of the dense filter with
/// 2 k instead of k^2 multiplications a pixel.
/// </summary>
public static class GaussianWindow
{
    /// <summary>Outputs at once along the axis: measured on 51 weights, and the best of the sizes tried.</summary>
    private const int Block = 16;

    /// <summary>The weights of one axis, as OpenCV makes them: <c>exp(-(i - middle)^2 / (2 sigma^2))</c>, sum 1.</summary>
    /// <param name="width">Number of weights, odd.</param>
    /// <param name="sigma">Standard deviation in pixels; 0 for <c>0.3 ((width - 1) / 2 - 1) + 0.8</c>.</param>
    /// <exception cref="ArgumentException">The width is even or below 1.</exception>
    public static double[] Weights(int width, double sigma)
    {
        if (width < 1 || width % 2 == 0)
            throw new ArgumentException($"A window's width is an odd number, not {width}.", nameof(width));
        double deviation = sigma > 0 ? sigma : 0.3 * ((width - 1) * 0.5 - 1) + 0.8;
        var weights = new double[width];
        for (int i = 0; i < width; i++)
            weights[i] = Math.Exp(-Math.Pow(i - width / 2, 2) / (2 * deviation * deviation));
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>Blurs with reflected borders.</summary>
    /// <param name="images">(B, C, H, W), float32 or float64.</param>
    /// <param name="weights">The weights of each axis, an odd number of them.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Blur(Tensor images, double[] weights)
    {
        using var scope = NewDisposeScope();
        var axis = tensor(weights).to(images.dtype).to(images.device);
        var rows = BlockCorrelation.Apply(images, axis.reshape(1, weights.Length), 1, Block);
        return BlockCorrelation.Apply(rows, axis.reshape(weights.Length, 1), Block, 1).MoveToOuterDisposeScope();
    }
}
