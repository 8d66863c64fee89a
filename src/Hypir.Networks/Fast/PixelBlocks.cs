using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>2x2 convolutions of stride 2 and their transposes as matrix products: no block of 2x2 pixels shares any with another.</summary>
internal static class PixelBlocks
{
    /// <summary>The matrix of a convolution.</summary>
    /// <param name="weight">(K, C, 2, 2).</param>
    /// <returns>(4 C, K), in the current scope.</returns>
    public static Tensor HalvingMatrix(Tensor weight) => weight.permute(2, 3, 1, 0).reshape(4 * weight.shape[1], weight.shape[0]);

    /// <summary>The matrix of a transposed convolution.</summary>
    /// <param name="weight">(C, K, 2, 2).</param>
    /// <returns>(C, 4 K), in the current scope.</returns>
    public static Tensor DoublingMatrix(Tensor weight) => weight.permute(0, 2, 3, 1).reshape(weight.shape[0], 4 * weight.shape[1]);

    /// <summary>Halves a map.</summary>
    /// <param name="map">(B, H, W, C), contiguous, H and W even.</param>
    /// <param name="matrix">See <see cref="HalvingMatrix"/>.</param>
    /// <param name="target">(B, H / 2, W / 2, K), written.</param>
    public static void Halve(Tensor map, Tensor matrix, Tensor target)
    {
        using var scope = NewDisposeScope();
        long[] size = target.shape;
        long pair = 2 * map.shape[3];
        Tensor blocks = map.view(size[0], size[1], 2, size[2], pair).permute(0, 1, 3, 2, 4).reshape(-1, 2 * pair);
        target.copy_(blocks.mm(matrix).view(size));
    }

    /// <summary>Doubles a map.</summary>
    /// <param name="map">(B, H, W, C), contiguous.</param>
    /// <param name="matrix">See <see cref="DoublingMatrix"/>.</param>
    /// <param name="target">(B, 2 H, 2 W, K), contiguous, written.</param>
    public static void Double(Tensor map, Tensor matrix, Tensor target)
    {
        using var scope = NewDisposeScope();
        (long batch, long height, long width) = (map.shape[0], map.shape[1], map.shape[2]);
        long pair = 2 * target.shape[3];
        Tensor blocks = map.view(-1, map.shape[3]).mm(matrix).view(batch, height, width, 2, pair);
        target.view(batch, height, 2, width, pair).copy_(blocks.permute(0, 1, 3, 2, 4));
    }
}
