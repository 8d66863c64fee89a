using TorchSharp;

namespace Hypir.Networks.Checkpoints;

/// <summary>Arithmetic on the sizes that files claim, where every product may overflow.</summary>
internal static class TensorSizes
{
    /// <summary>
    /// Bytes of a contiguous tensor; null where the count does not fit 63 bits. A size of 0 hides no overflow of the others: libtorch multiplies them
    /// in turn.
    /// </summary>
    public static long? Bytes(TensorInfo info)
    {
        try
        {
            long product = info.DType.ElementSize();
            foreach (long size in info.Shape)
                product = checked(product * Math.Max(size, 1));
            return info.Shape.Contains(0) ? 0 : product;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Strides, in elements, of a contiguous tensor whose <see cref="Bytes"/> fit.</summary>
    public static long[] ContiguousStrides(IReadOnlyList<long> shape)
    {
        var stride = new long[shape.Count];
        long step = 1;
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            stride[i] = step;
            step *= Math.Max(shape[i], 1);
        }
        return stride;
    }
}
