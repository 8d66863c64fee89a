using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>The memory of a contiguous CPU tensor in pieces: one span cannot hold more than 2 GiB.</summary>
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
