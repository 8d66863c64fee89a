using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>Arithmetic on untrusted sizes from files, where any product may overflow.</summary>
internal static class TensorSizes
{
    /// <summary>
    /// Bytes of a contiguous tensor; null if the count does not fit 63 bits. A size of 0 does not mask an overflow of the others: libtorch
    /// multiplies them in turn.
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

    /// <summary>Strides, in elements, of a contiguous tensor for which <see cref="Bytes"/> is not null.</summary>
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

/// <summary>The memory of a contiguous CPU tensor in pieces, since a span cannot hold more than 2 GiB.</summary>
internal static class TensorBytes
{
    private const long Piece = 1 << 28;

    public delegate void SpanAction(long offset, Span<byte> bytes);

    /// <summary>Calls the action for each piece in order, with the piece's byte offset in the tensor.</summary>
    public static void ForEachSpan(Tensor tensor, SpanAction action)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        int size = tensor.dtype.ElementSize();
        long step = Piece / size;
        for (long begin = 0; begin < flat.NumberOfElements; begin += step)
        {
            using var part = flat.narrow(0, begin, Math.Min(step, flat.NumberOfElements - begin));
            action(begin * size, part.bytes);
        }
    }
}
