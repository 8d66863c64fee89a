using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// Correlation of single planes with a kernel, computed in blocks of outputs: a block's outputs are the channels of a strided convolution
/// whose kernels are shifted copies of the kernel. This does more arithmetic, but in a form that libraries handle well: convolutions with
/// one input and one output channel are five times slower for 21x21 pixels on a CPU, and twenty times for a row of 51.
/// </summary>
internal static class BlockCorrelation
{
    /// <summary>Correlates with reflected borders.</summary>
    /// <param name="images">(B, C, H, W).</param>
    /// <param name="kernel">(kh, kw), odd sides.</param>
    /// <param name="blockHeight">Rows of a block.</param>
    /// <param name="blockWidth">Columns of a block.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Apply(Tensor images, Tensor kernel, int blockHeight, int blockWidth)
    {
        using var scope = NewDisposeScope();
        long planes = images.shape[0] * images.shape[1], height = images.shape[2], width = images.shape[3];
        int up = (int)kernel.shape[0] / 2, left = (int)kernel.shape[1] / 2;
        long blockRows = (height + blockHeight - 1) / blockHeight, blockColumns = (width + blockWidth - 1) / blockWidth;
        long rows = blockRows * blockHeight, columns = blockColumns * blockWidth;
        Tensor blocks;
        using (var padded = Reflection.Pad(images, left, left + (int)(columns - width), up, up + (int)(rows - height)))
            blocks = nn.functional.conv2d(
                padded.reshape(planes, 1, padded.shape[2], padded.shape[3]), Shifted(kernel, blockHeight, blockWidth),
                strides: [blockHeight, blockWidth]);
        return blocks
            .reshape([planes, blockHeight, blockWidth, blockRows, blockColumns])
            .permute(0, 3, 1, 4, 2)
            .reshape(images.shape[0], images.shape[1], rows, columns)
            .narrow(2, 0, height).narrow(3, 0, width).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>(rows * columns, 1, kh + rows - 1, kw + columns - 1): the kernel shifted to every position in a block.</summary>
    private static Tensor Shifted(Tensor kernel, int rows, int columns)
    {
        var places = new List<Tensor>(rows * columns);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                places.Add(nn.functional.pad(kernel, [column, columns - 1 - column, row, rows - 1 - row]));
        return stack(places).unsqueeze(1);
    }
}
