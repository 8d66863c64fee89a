using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>Filtering of pictures with a kernel each.</summary>
public static class Filter2D
{
    /// <summary>Four by four outputs at once: measured on kernels of 7 to 21 pixels, and the best of the sizes tried.</summary>
    private const int Block = 4;

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
        long batch = images.shape[0], count = kernels.shape[0], size = kernels.shape[2];
        if (size % 2 == 0 || kernels.shape[1] != size)
            throw new ArgumentException($"Kernels are square with an odd side, not {kernels.shape[1]}x{size}.", nameof(kernels));
        if (count != 1 && count != batch)
            throw new ArgumentException($"{count} kernels for {batch} pictures.", nameof(kernels));
        using var scope = NewDisposeScope();
        if (count == 1)
            return BlockCorrelation.Apply(images, kernels[0], Block, Block).MoveToOuterDisposeScope();
        // One picture after the other: as groups of one convolution they take three times as long.
        var pictures = Enumerable.Range(0, (int)batch).Select(i => BlockCorrelation.Apply(images.narrow(0, i, 1), kernels[i], Block, Block)).ToList();
        return cat(pictures).MoveToOuterDisposeScope();
    }
}
