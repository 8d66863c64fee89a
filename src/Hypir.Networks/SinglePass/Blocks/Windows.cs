using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>
/// Attention within square windows of a map (Liu et al., Swin Transformer, 2021): cutting a map into windows, joining them again, and which
/// positions of a shifted map see each other.
/// </summary>
internal static class Windows
{
    /// <summary>Cuts a map into windows.</summary>
    /// <param name="x">(B, H, W, C); height and width are multiples of the window.</param>
    /// <param name="window">Side of a window.</param>
    /// <returns>(B * windows, window², C), row by row.</returns>
    public static Tensor Cut(Tensor x, long window)
    {
        using var scope = NewDisposeScope();
        long[] s = x.shape;
        return x.reshape(s[0], s[1] / window, window, s[2] / window, window, s[3])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, window * window, s[3])
            .MoveToOuterDisposeScope();
    }

    /// <summary>The map of <see cref="Cut"/>'s windows.</summary>
    /// <param name="windows">(B * windows, window², C).</param>
    /// <param name="window">Side of a window.</param>
    /// <param name="height">Height of the map.</param>
    /// <param name="width">Width of the map.</param>
    /// <returns>(B, H, W, C).</returns>
    public static Tensor Join(Tensor windows, long window, long height, long width)
    {
        using var scope = NewDisposeScope();
        return windows.reshape(-1, height / window, width / window, window, window, windows.shape[2])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, height, width, windows.shape[2])
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Where in a table of (2 window - 1)² relative positions each pair of positions of a window finds its entry: query minus key, row by
    /// row.
    /// </summary>
    /// <param name="window">Side of a window.</param>
    /// <returns>window⁴ indices, int64: for each query, each key.</returns>
    public static Tensor RelativePositions(long window)
    {
        long count = window * window, side = 2 * window - 1;
        var indices = new long[count * count];
        for (long query = 0; query < count; query++)
        {
            for (long key = 0; key < count; key++)
            {
                long rows = query / window - key / window + window - 1, columns = query % window - key % window + window - 1;
                indices[query * count + key] = rows * side + columns;
            }
        }

        return tensor(indices);
    }

    /// <summary>
    /// What is added to the attention of a map that was rolled by <paramref name="shift"/>: in the last row and column of windows,
    /// positions that the roll brought together from opposite edges do not see each other.
    /// </summary>
    /// <param name="height">Height of the map, a multiple of the window.</param>
    /// <param name="width">Width of the map, a multiple of the window.</param>
    /// <param name="window">Side of a window.</param>
    /// <param name="shift">How far the map was rolled.</param>
    /// <param name="hidden">What is added where they do not.</param>
    /// <param name="like">Has the type and the device of the result.</param>
    /// <returns>(windows, window², window²).</returns>
    public static Tensor Mask(long height, long width, long window, long shift, double hidden, Tensor like)
    {
        using var scope = NewDisposeScope();
        Tensor rows = Regions(height, window, shift).unsqueeze(1), columns = Regions(width, window, shift).unsqueeze(0);
        Tensor regions = Cut(rows.Times(3L).Plus(columns).unsqueeze(0).unsqueeze(3), window).squeeze(2);
        Tensor apart = regions.unsqueeze(1).ne(regions.unsqueeze(2));
        Tensor zero = tensor(0.0, like.dtype, like.device), lowest = tensor(hidden, like.dtype, like.device);
        return where(apart.to(like.device), lowest, zero).MoveToOuterDisposeScope();
    }

    private static Tensor Regions(long size, long window, long shift)
    {
        var regions = new long[size];
        for (long i = size - window; i < size; i++)
            regions[i] = i < size - shift ? 1 : 2;
        return tensor(regions);
    }
}
