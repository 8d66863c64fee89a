using Hypir.Networks;
using Hypir.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Reduces an image by area while its rows arrive: each pixel of the result is the mean of what it covers, parts of pixels by their share.
/// </summary>
/// <param name="from">Size of the image.</param>
/// <param name="to">Size of the result, no side longer.</param>
/// <param name="emit">Takes the first row of what is finished, and the rows.</param>
internal sealed class AreaRows(PixelSize from, PixelSize to, Action<int, Tensor> emit) : IDisposable
{
    private Tensor? _pending;
    private int _start;
    private int _done;

    /// <summary>Takes the next rows.</summary>
    /// <param name="rows">(B, C, n, width).</param>
    public void Add(Tensor rows)
    {
        using var scope = NewDisposeScope();
        Tensor narrow = Reduce(rows, 3, from.Width, to.Width, 0, 0, to.Width);
        if (from.Height == to.Height)
        {
            emit(_done, narrow);
            _done += (int)rows.shape[2];
            return;
        }

        Tensor all = _pending is null ? narrow : cat([_pending, narrow], 2);
        _pending?.Dispose();
        _pending = null;
        int end = _start + (int)all.shape[2];
        // The rows that are covered by those that are there.
        int ready = (int)((long)end * to.Height / from.Height);
        if (ready > _done)
            emit(_done, Reduce(all, 2, from.Height, to.Height, _start, _done, ready));
        int kept = (int)((long)ready * from.Height / to.Height);
        if (kept < end)
            _pending = all.narrow(2, kept - _start, end - kept).clone().DetachFromDisposeScope();
        (_done, _start) = (ready, kept);
    }

    /// <inheritdoc/>
    public void Dispose() => _pending?.Dispose();

    /// <summary>A stretch of the result along one axis.</summary>
    /// <param name="x">A stretch of the image.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="length">The image's length on it.</param>
    /// <param name="result">The result's.</param>
    /// <param name="start">Where the stretch of the image begins.</param>
    /// <param name="first">Where that of the result begins.</param>
    /// <param name="end">Where it ends.</param>
    private static Tensor Reduce(Tensor x, int axis, int length, int result, int start, int first, int end)
    {
        if (length == result)
            return x.alias();
        using var scope = NewDisposeScope();
        int count = end - first;
        if (length % result == 0)
        {
            long times = length / result;
            return x.narrow(axis, first * times - start, count * times).unflatten(axis, count, times).mean([axis + 1])
                .MoveToOuterDisposeScope();
        }

        double ratio = (double)length / result;
        Tensor sum = zeros_like(x.narrow(axis, 0, 1)).repeat_interleave(count, axis);
        long[] shape = [1, 1, 1, 1];
        shape[axis] = count;
        for (int tap = 0; tap <= (int)ratio + 1; tap++)
        {
            var places = new long[count];
            var shares = new double[count];
            for (int i = 0; i < count; i++)
            {
                long pixel = (long)(first + i) * length / result + tap;
                double from = (first + i) * ratio, to = (first + i + 1) * ratio;
                places[i] = Math.Clamp(pixel - start, 0, x.shape[axis] - 1);
                shares[i] = Math.Max(Math.Min(to, pixel + 1) - Math.Max(from, pixel), 0) / ratio;
            }

            using Tensor part = x.index_select(axis, tensor(places)), weights = tensor(shares).to(x.dtype).reshape(shape);
            sum.AddProductInPlace(part, weights, 1);
        }

        return sum.MoveToOuterDisposeScope();
    }
}
