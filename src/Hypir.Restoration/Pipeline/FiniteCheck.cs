using System.Runtime.Intrinsics;
using Hypir.Networks.Fast;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Looks for numbers that are not finite, in one pass and without a copy.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>Whether all numbers of a tensor on the CPU are finite.</summary>
    public static bool AllFinite(Tensor x)
    {
        if (x.numel() == 0)
            return true;
        if (!x.is_contiguous() || !TensorMemory.IsSupported(x.dtype, x.device_type))
            return x.isfinite().all().item<bool>();
        return x.dtype == float32 ? AllFinite(TensorMemory.Pointer<float>(x), x.numel()) : AllFinite(TensorMemory.Pointer<double>(x), x.numel());
    }

    private static bool AllFinite<T>(T* x, long count)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Piece = 1 << 16;
        int others = 0;
        ParallelLoop.Run((int)((count + Piece - 1) / Piece), (from, to) =>
        {
            // x - x is 0, or not a number where x is none or infinite; and so is every sum with it.
            Vector512<T> rest = default;
            long i = (long)from * Piece, end = Math.Min((long)to * Piece, count);
            for (; i + Vector512<T>.Count <= end; i += Vector512<T>.Count)
            {
                Vector512<T> v = Vector512.Load(x + i);
                rest += v - v;
            }

            bool finite = T.IsFinite(Vector512.Sum(rest));
            for (; i < end; i++)
                finite &= T.IsFinite(x[i]);
            if (!finite)
                Interlocked.Increment(ref others);
        });
        return others == 0;
    }
}
