using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>Rows and columns that a network adds below and to the right, so that its maps can be halved or cut into windows.</summary>
internal static class Margins
{
    /// <summary>The image enlarged to a multiple in both directions; the same image (another handle) where it already is one.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="multiple">What height and width become multiples of.</param>
    /// <param name="mode">What the margin holds; with a reflection, it must be narrower than the image.</param>
    public static Tensor Add(Tensor x, long multiple, PaddingModes mode)
    {
        long below = Missing(x.shape[2], multiple), right = Missing(x.shape[3], multiple);
        return below == 0 && right == 0 ? x.alias() : nn.functional.pad(x, [0, right, 0, below], mode);
    }

    /// <summary>The image without its margin; the argument is disposed.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="height">Rows that stay.</param>
    /// <param name="width">Columns that stay.</param>
    public static Tensor Remove(Tensor x, long height, long width)
    {
        if (x.shape[2] == height && x.shape[3] == width)
            return x;
        using (x)
        using (Tensor rows = x.narrow(2, 0, height))
            return rows.narrow(3, 0, width);
    }

    private static long Missing(long size, long multiple) => (multiple - size % multiple) % multiple;
}
