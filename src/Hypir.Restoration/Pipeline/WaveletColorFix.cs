using System.Numerics;
using System.Runtime.Intrinsics;
using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Replaces an image's low frequencies with those of another: the model's detail stays, its color shifts go. The low-pass is that of an
/// à-trous wavelet: five passes of the kernel [1 2 1]⊗[1 2 1]/16 with tap distances 1, 2, 4, 8, 16 and edges repeated.
/// </summary>
internal static unsafe class WaveletColorFix
{
    private const int Levels = ColorFixReach.Levels;

    /// <summary>
    /// The image's detail plus the reference's low frequencies: x - low(x) + low(reference), computed with a single low-pass.
    /// </summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="reference">The same shape and type.</param>
    public static Tensor Apply(Tensor x, Tensor reference)
    {
        using var scope = NewDisposeScope();
        return x.Plus(Low(reference.sub(x))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The low frequencies. A pixel's result is bit-identical for the whole image and for a band of it: weights are powers of two and the
    /// order of additions is fixed, whereas a convolution's order would depend on the size.
    /// </summary>
    /// <param name="x">(B, C, H, W), float32 or float64, on the CPU.</param>
    public static Tensor Low(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor low = x.contiguous().clone();
        if (x.dtype == float32)
            Blur<float>(low);
        else
            Blur<double>(low);
        return low.MoveToOuterDisposeScope();
    }

    private static void Blur<T>(Tensor x)
        where T : unmanaged, INumberBase<T>
    {
        (int height, int width) = ((int)x.shape[2], (int)x.shape[3]);
        int rows = (int)(x.shape[0] * x.shape[1]) * height;
        if (rows == 0 || width == 0)
            return;
        using Tensor between = empty_like(x);
        T* from = TensorMemory.Pointer<T>(x), to = TensorMemory.Pointer<T>(between);
        for (int level = 0; level < Levels; level++)
        {
            int distance = 1 << level;
            ParallelLoop.Run(rows, (first, end) =>
            {
                for (int row = first; row < end; row++)
                {
                    int y = row % height;
                    T* middle = from + (long)row * width;
                    T* above = middle - (long)Math.Min(distance, y) * width,
                        below = middle + (long)Math.Min(distance, height - 1 - y) * width;
                    Mix(above, middle, below, to + (long)row * width, width);
                }
            });
            ParallelLoop.Run(rows, (first, end) =>
            {
                for (int row = first; row < end; row++)
                    Along(to + (long)row * width, from + (long)row * width, width, distance);
            });
        }
    }

    private static void Along<T>(T* x, T* y, int width, int distance)
        where T : unmanaged, INumberBase<T>
    {
        int inside = Math.Max(0, width - 2 * distance);
        if (inside > 0)
            Mix(x, x + distance, x + 2 * distance, y + distance, inside);
        for (int i = 0; i < width; i++)
        {
            if (i == distance && inside > 0)
                i += inside;
            T left = x[Math.Max(i - distance, 0)], right = x[Math.Min(i + distance, width - 1)], middle = x[i];
            Mix(&left, &middle, &right, y + i, 1);
        }
    }

    /// <summary>
    /// (left + right) / 4 + middle / 2: products with powers of two are exact, so each sum is rounded once on any hardware.
    /// </summary>
    private static void Mix<T>(T* left, T* middle, T* right, T* y, int count)
        where T : unmanaged, INumberBase<T>
    {
        T quarter = T.CreateChecked(0.25), half = T.CreateChecked(0.5);
        int i = 0;
        for (; i + Vector512<T>.Count <= count; i += Vector512<T>.Count)
            ((Vector512.Load(left + i) + Vector512.Load(right + i)) * quarter + Vector512.Load(middle + i) * half).Store(y + i);
        for (; i < count; i++)
            y[i] = (left[i] + right[i]) * quarter + middle[i] * half;
    }
}

/// <summary>
/// The color fix of an image whose rows arrive incrementally: it keeps only the rows within the fix's reach, and its result is
/// bit-identical to fixing the whole image.
/// </summary>
/// <param name="reference">Supplies the low frequencies; has the result's size.</param>
/// <param name="bandRows">Rows fixed at a time.</param>
/// <param name="emit">Receives the first row's index, the rows before the fix, the reference's rows and the fixed rows; all are disposed
/// after the call.</param>
internal sealed class ColorFixBands(IPixelSource reference, int bandRows, Action<int, Tensor, Tensor, Tensor> emit) : IDisposable
{
    private readonly int _height = reference.Size.Height;
    private Tensor? _pending;
    private int _pendingStart;
    private int _done;

    /// <summary>Adds the next rows and emits those that are now final.</summary>
    /// <param name="rows">(B, 3, n, W), following those before.</param>
    public void Add(Tensor rows)
    {
        Append(rows);
        int end = _pendingStart + (int)_pending!.shape[2];
        int ready = end == _height ? _height : end - ColorFixReach.Rows;
        while (_done < ready)
        {
            int to = Math.Min(ready, _done + bandRows);
            Fix(_done, to);
            _done = to;
        }
        Forget(Math.Max(_pendingStart, Math.Min(_done - ColorFixReach.Rows, end)));
    }

    /// <inheritdoc/>
    public void Dispose() => _pending?.Dispose();

    private void Fix(int from, int to)
    {
        using var scope = NewDisposeScope();
        int top = Math.Max(0, from - ColorFixReach.Rows), bottom = Math.Min(_height, to + ColorFixReach.Rows);
        Tensor content = _pending!.narrow(2, top - _pendingStart, bottom - top);
        Tensor style = reference.Region(new(top, bottom, 0, reference.Size.Width));
        Tensor fixedRows = WaveletColorFix.Apply(content, style);
        emit(from, Middle(content), Middle(style), Middle(fixedRows));

        Tensor Middle(Tensor band) => band.narrow(2, from - top, to - from);
    }

    private void Append(Tensor rows)
    {
        using Tensor? before = _pending;
        _pending = (before is null ? rows.clone() : cat([before, rows], 2)).DetachFromDisposeScope();
    }

    private void Forget(int start)
    {
        if (start <= _pendingStart)
            return;
        using Tensor before = _pending!;
        using Tensor rest = before.narrow(2, start - _pendingStart, before.shape[2] - (start - _pendingStart));
        _pending = rest.clone().DetachFromDisposeScope();
        _pendingStart = start;
    }
}
