using System.Runtime.Intrinsics;
using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Planning;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Turns decoded rows into the result: crop, map to [0, 1], resize to the result's size, color fix.</summary>
internal sealed class Finisher : IDisposable
{
    private readonly RestorePlan _plan;
    private readonly IRowSink _sink;
    private readonly JobWatch _watch;
    private readonly ColorFixBands _bands;
    private readonly RowCollector? _enlarged;

    /// <summary>Prepares to receive rows.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="scaled">The scaled input, which supplies the low frequencies of the result.</param>
    /// <param name="sink">Receives the result.</param>
    /// <param name="watch">Progress, observer and cancellation.</param>
    /// <param name="owner">The scope that disposes retained tensors.</param>
    public Finisher(RestorePlan plan, IPixelSource scaled, IRowSink sink, JobWatch watch, DisposeScope owner)
    {
        (_plan, _sink, _watch) = (plan, sink, watch);
        _bands = new ColorFixBands(scaled, plan.FinishingRows, Emit);
        _enlarged = plan.Sizes.Enlarges ? new RowCollector(plan.Sizes.Working.Height, owner) : null;
    }

    /// <summary>Adds the next decoded rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, 3, n, padded width), nominally [-1, 1].</param>
    public void Add(int start, Tensor rows)
    {
        using var scope = NewDisposeScope();
        PixelSize working = _plan.Sizes.Working;
        long count = Math.Min(rows.shape[2], working.Height - start);
        if (count <= 0)
            return;
        Tensor image = rows.narrow(2, 0, count).narrow(3, 0, working.Width).Plus(1).DivideInPlace(2);
        if (_enlarged is null)
            _bands.Add(image);
        else
            _enlarged.Add(start, image);
    }

    /// <summary>Finishes the remaining rows once all are added.</summary>
    public void Complete()
    {
        if (_enlarged is null)
            return;
        using var scope = NewDisposeScope();
        _bands.Add(Resampling.ToSize(_enlarged.Whole, _plan.Sizes.Scaled, antialias: true));
    }

    /// <inheritdoc/>
    public void Dispose() => _bands.Dispose();

    private void Emit(int start, Tensor before, Tensor reference, Tensor fixedRows)
    {
        _watch.Band(start);
        _watch.Rows("before_colour_fix", start, before);
        _watch.Rows("reference", start, reference);
        _sink.Write(start, fixedRows);
        _watch.Meter.Rows((int)fixedRows.shape[2]);
    }
}

/// <summary>Checks for non-finite numbers in one pass without a copy.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>Whether all numbers of a CPU tensor are finite.</summary>
    public static bool AllFinite(Tensor x)
    {
        if (x.numel() == 0)
            return true;
        if (!x.is_contiguous() || !TensorMemory.IsSupported(x.dtype, x.device_type))
            return x.isfinite().all().item<bool>();
        return x.dtype == float32
            ? AllFinite(TensorMemory.Pointer<float>(x), x.numel())
            : AllFinite(TensorMemory.Pointer<double>(x), x.numel());
    }

    private static bool AllFinite<T>(T* x, long count)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Piece = 1 << 16;
        int others = 0;
        ParallelLoop.Run((int)((count + Piece - 1) / Piece), (from, to) =>
        {
            // x - x is 0 for finite x and NaN otherwise; NaN survives the sum.
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
