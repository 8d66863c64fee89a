using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>The size of attention windows.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct WindowSize(long Height, long Width)
{
    /// <summary>Positions of a window.</summary>
    public long Count => Height * Width;

    /// <summary>Relative positions of two members of a window.</summary>
    public long Relations => (2 * Height - 1) * (2 * Width - 1);

    /// <summary>Half of each side.</summary>
    public WindowSize Halved => new(Height / 2, Width / 2);
}

/// <summary>
/// Attention within windows of a map (Liu et al., Swin Transformer, 2021): cutting a map into windows, joining them again, and which
/// positions of a shifted map see each other.
/// </summary>
internal static class Windows
{
    /// <summary>Cuts a map into windows.</summary>
    /// <param name="x">(B, H, W, C); height and width are multiples of the window's.</param>
    /// <param name="window">Size of a window.</param>
    /// <returns>(B * windows, positions of a window, C), row by row.</returns>
    public static Tensor Cut(Tensor x, WindowSize window)
    {
        using var scope = NewDisposeScope();
        long[] s = x.shape;
        return x.reshape(s[0], s[1] / window.Height, window.Height, s[2] / window.Width, window.Width, s[3])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, window.Count, s[3])
            .MoveToOuterDisposeScope();
    }

    /// <summary>The map of <see cref="Cut"/>'s windows.</summary>
    /// <param name="windows">(B * windows, positions of a window, C).</param>
    /// <param name="window">Size of a window.</param>
    /// <param name="height">Height of the map.</param>
    /// <param name="width">Width of the map.</param>
    /// <returns>(B, H, W, C).</returns>
    public static Tensor Join(Tensor windows, WindowSize window, long height, long width)
    {
        using var scope = NewDisposeScope();
        return windows.reshape(-1, height / window.Height, width / window.Width, window.Height, window.Width, windows.shape[2])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, height, width, windows.shape[2])
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Where in a table of relative positions each pair of positions of a window finds its entry: query minus key, row by row.
    /// </summary>
    /// <param name="window">Size of a window.</param>
    /// <returns>An index, int64, for each query and each key.</returns>
    public static Tensor RelativePositions(WindowSize window)
    {
        (long count, long side) = (window.Count, 2 * window.Width - 1);
        var indices = new long[count * count];
        for (long query = 0; query < count; query++)
        {
            for (long key = 0; key < count; key++)
            {
                long rows = query / window.Width - key / window.Width + window.Height - 1;
                long columns = query % window.Width - key % window.Width + window.Width - 1;
                indices[query * count + key] = rows * side + columns;
            }
        }

        return tensor(indices);
    }

    /// <summary>
    /// What is added to the attention of a map that was rolled: in the last row and column of windows, positions that the roll brought
    /// together from opposite edges do not see each other.
    /// </summary>
    /// <param name="height">Height of the map, a multiple of the window's.</param>
    /// <param name="width">Width of the map, a multiple of the window's.</param>
    /// <param name="window">Size of a window.</param>
    /// <param name="shift">How far the map was rolled.</param>
    /// <param name="hidden">What is added where they do not.</param>
    /// <param name="like">Has the type and the device of the result.</param>
    /// <returns>(windows, positions of a window, positions of a window).</returns>
    public static Tensor Mask(long height, long width, WindowSize window, WindowSize shift, double hidden, Tensor like)
    {
        using var scope = NewDisposeScope();
        Tensor rows = Regions(height, window.Height, shift.Height).unsqueeze(1);
        Tensor columns = Regions(width, window.Width, shift.Width).unsqueeze(0);
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
