using static TorchSharp.torch;

namespace Hypir.TrainTool.Degradation;

/// <summary>Filtering of pictures with a kernel each.</summary>
public static class Filter2D
{
    /// <summary>
    /// Cross-correlates each picture with its kernel: <c>out(y, x) = sum_ij k(i, j) in(y + i - r, x + j - r)</c>. The kernel is not flipped, as in
    /// OpenCV's function of this name; all channels share it; borders are reflected, however small the picture.
    /// </summary>
    /// <param name="images">(B, C, H, W), float32 or float64.</param>
    /// <param name="kernels">(B, K, K) for a kernel each or (1, K, K) for all, K odd, the pictures' type and device.</param>
    /// <returns>(B, C, H, W).</returns>
    /// <exception cref="ArgumentException">K is even, the kernels are not square, or their number is neither 1 nor B.</exception>
    public static Tensor Apply(Tensor images, Tensor kernels)
    {
        long batch = images.shape[0], channels = images.shape[1], height = images.shape[2], width = images.shape[3];
        long count = kernels.shape[0], size = kernels.shape[2];
        if (size % 2 == 0 || kernels.shape[1] != size)
            throw new ArgumentException($"Kernels are square with an odd side, not {kernels.shape[1]}x{size}.", nameof(kernels));
        if (count != 1 && count != batch)
            throw new ArgumentException($"{count} kernels for {batch} pictures.", nameof(kernels));
        using var scope = NewDisposeScope();
        int radius = (int)(size / 2);
        var padded = Reflection.Pad(images, radius, radius, radius, radius);
        // One group a plane: a convolution in which each plane meets its own picture's kernel.
        var planes = padded.reshape(1, batch * channels, height + 2 * radius, width + 2 * radius);
        var weights = kernels.expand(batch, size, size).unsqueeze(1).expand(batch, channels, size, size).reshape(batch * channels, 1, size, size);
        return nn.functional.conv2d(planes, weights, groups: batch * channels).reshape(batch, channels, height, width).MoveToOuterDisposeScope();
    }
}
