using Hypir.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>Filters each image with its own kernel.</summary>
public static class Filter2D
{
    /// <summary>Four by four outputs at once: the fastest of the sizes tried on kernels of 7 to 21 pixels.</summary>
    private const int Block = 4;

    /// <summary>
    /// Cross-correlates each image with its kernel: <c>out(y, x) = sum_ij k(i, j) in(y + i - r, x + j - r)</c>. The kernel is not flipped,
    /// as in OpenCV's function of this name; all channels share it; borders are reflected, even for tiny images.
    /// </summary>
    /// <param name="images">(B, C, H, W), float32 or float64.</param>
    /// <param name="kernels">(B, K, K) for a kernel each or (1, K, K) for all, K odd, the images' type and device.</param>
    /// <returns>(B, C, H, W).</returns>
    /// <exception cref="ArgumentException">K is even, the kernels are not square, or their number is neither 1 nor B.</exception>
    public static Tensor Apply(Tensor images, Tensor kernels)
    {
        long batch = images.shape[0], count = kernels.shape[0], size = kernels.shape[2];
        if (size % 2 == 0 || kernels.shape[1] != size)
            throw new ArgumentException($"Kernels are square with an odd side, not {kernels.shape[1]}x{size}.", nameof(kernels));
        if (count != 1 && count != batch)
            throw new ArgumentException($"{count} kernels for {batch} images.", nameof(kernels));
        using var scope = NewDisposeScope();
        if (count == 1)
            return BlockCorrelation.Apply(images, kernels[0], Block, Block).MoveToOuterDisposeScope();
        // One image at a time: as groups of one convolution they take three times as long.
        var filtered = Enumerable
            .Range(0, (int)batch)
            .Select(i => BlockCorrelation.Apply(images.narrow(0, i, 1), kernels[i], Block, Block))
            .ToList();
        return cat(filtered).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// A wide Gaussian blur applied to one axis and then the other. A Gaussian is separable, so this equals the dense filter with 2 k instead
/// of k^2 multiplications per pixel.
/// </summary>
public static class GaussianWindow
{
    /// <summary>Outputs at once along the axis: the fastest of the sizes tried on 51 weights.</summary>
    private const int Block = 16;

    /// <summary>The weights of one axis, as in OpenCV: <c>exp(-(i - middle)^2 / (2 sigma^2))</c>, sum 1.</summary>
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

/// <summary>
/// Padding by reflection about the border pixel (<c>d c b | a b c d | c b a</c>), which keeps reflecting if the padding is wider than the
/// image. PyTorch's own padding rejects that case, and so does the reference for images of 10 pixels or less.
/// </summary>
public static class Reflection
{
    /// <summary>Pads the last two dimensions.</summary>
    /// <param name="images">(…, height, width), at least one pixel.</param>
    /// <param name="left">Columns before the first.</param>
    /// <param name="right">Columns after the last.</param>
    /// <param name="top">Rows above the first.</param>
    /// <param name="bottom">Rows below the last.</param>
    /// <returns>A new tensor, (…, top + height + bottom, left + width + right).</returns>
    public static Tensor Pad(Tensor images, int left, int right, int top, int bottom)
    {
        long height = images.shape[^2], width = images.shape[^1];
        if (Math.Max(left, right) < width && Math.Max(top, bottom) < height)
            return nn.functional.pad(images, [left, right, top, bottom], PaddingModes.Reflect);
        using var scope = NewDisposeScope();
        var columns = tensor(Indices(width, left, right), int64, images.device);
        var rows = tensor(Indices(height, top, bottom), int64, images.device);
        return images.index_select(-1, columns).index_select(-2, rows).MoveToOuterDisposeScope();
    }

    /// <summary>The source index of each position on a padded axis: a triangle wave of period 2 (n - 1).</summary>
    private static long[] Indices(long length, int before, int after)
    {
        var indices = new long[before + length + after];
        long period = Math.Max(1, 2 * (length - 1));
        for (long i = 0; i < indices.Length; i++)
        {
            long phase = (i - before) % period;
            if (phase < 0)
                phase += period;
            indices[i] = Math.Min(phase, period - phase);
        }
        return length == 1 ? new long[indices.Length] : indices;
    }
}

/// <summary>
/// Sharpening with an unsharp mask (USM): where an image differs from its blurred version by more than a threshold, part of the difference
/// is added, with a blurred mask so that no edges show. Real-ESRGAN (Wang et al. 2021) uses targets sharpened this way.
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
        // In place where possible: touching cold memory costs more than the arithmetic.
        var difference = GaussianWindow.Blur(images, window).sub_(images).neg_();
        Tensor mask;
        using (var strong = difference.abs().MultiplyInPlace(255).IsAbove(settings.Threshold))
            mask = GaussianWindow.Blur(strong.to(images.dtype), window);
        var sharp = difference.MultiplyInPlace(settings.Weight).AddInPlace(images).ClampInPlace(0, 1);
        return images.lerp(sharp, mask).MoveToOuterDisposeScope();
    }
}

/// <summary>How the clean image is sharpened before it is degraded. The sharpened image is the training target.</summary>
public sealed record SharpenSettings
{
    /// <summary>
    /// Width of the Gaussian window in pixels, odd, at least 3. (The reference calls this a radius of 50, meaning this width of 51.)
    /// </summary>
    public int Radius { get; init; } = 51;

    /// <summary>
    /// Standard deviation of the window in pixels; 0 uses OpenCV's default for the width, <c>0.3 ((width - 1) / 2 - 1) + 0.8</c>.
    /// </summary>
    public double Sigma { get; init; }

    /// <summary>Share of the difference to the blurred image that is added.</summary>
    public double Weight { get; init; } = 0.5;

    /// <summary>Differences to the blurred image up to this many of 255 levels are ignored.</summary>
    public double Threshold { get; init; } = 10;
}
