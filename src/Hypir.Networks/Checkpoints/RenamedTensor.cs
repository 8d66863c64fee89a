namespace Hypir.Networks.Checkpoints;

/// <summary>How a tensor of a <see cref="RenamedSource"/> is made from one of the source below it.</summary>
/// <param name="Source">The key below.</param>
/// <param name="Shape">
/// Sizes of the result. Fewer rows than the source has mean a part of it; other dimensions of the same product (1x1 convolutions as matrices) a
/// view.
/// </param>
/// <param name="FirstRow">Where the rows begin in the source.</param>
public sealed record RenamedTensor(string Source, IReadOnlyList<long> Shape, long FirstRow = 0)
{
    /// <summary>The whole tensor as it is, under another key.</summary>
    /// <param name="info">The tensor below.</param>
    public static RenamedTensor Whole(TensorInfo info) => new(info.Name, info.Shape);

    /// <summary>A 1x1 convolution's weight as the matrix that it is; another tensor as it is.</summary>
    /// <param name="info">The tensor below.</param>
    public static RenamedTensor Matrix(TensorInfo info) => new(info.Name, info.Shape is [var rows, var columns, 1, 1] ? [rows, columns] : info.Shape);

    /// <summary>One of several equal parts that are stacked along the first dimension.</summary>
    /// <param name="info">The tensor below; its first size is a multiple of <paramref name="parts"/>.</param>
    /// <param name="index">Which part, from 0.</param>
    /// <param name="parts">How many.</param>
    public static RenamedTensor Part(TensorInfo info, int index, int parts)
    {
        long rows = info.Shape[0] / parts;
        return new(info.Name, [rows, .. info.Shape.Skip(1)], index * rows);
    }
}
