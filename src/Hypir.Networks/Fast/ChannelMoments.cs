using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Mean and sum of squared deviations of each channel of a map, the input of a group norm.</summary>
/// <param name="count">Number of positions.</param>
/// <param name="mean">(C).</param>
/// <param name="squares">(C).</param>
internal sealed unsafe class ChannelMoments(long count, double[] mean, double[] squares)
{
    /// <summary>Positions summed in the map's own type before they are added to the float64 totals.</summary>
    private const int RowBlock = 512;

    private long Count => count;

    private double[] Mean => mean;

    private double[] Squares => squares;

    /// <summary>Computes the moments of one image's map.</summary>
    /// <param name="x">First element of (H·W, C).</param>
    /// <param name="positions">H·W.</param>
    /// <param name="channels">C, a multiple of the vector length.</param>
    public static ChannelMoments Of<T>(T* x, int positions, int channels)
        where T : unmanaged
    {
        var parts = new Parts();
        ParallelLoop.Run((positions + RowBlock - 1) / RowBlock, (from, to) =>
        {
            var sums = new Sums<T>(x + (long)from * RowBlock * channels, channels);
            sums.Add(x + (long)from * RowBlock * channels, Math.Min(to * RowBlock, positions) - from * RowBlock);
            parts.Add(from, sums.End());
        });
        return parts.Whole;
    }

    /// <summary>The moments of a map whose channels are this one's followed by another's, at the same positions.</summary>
    public ChannelMoments Beside(ChannelMoments other) => new(count, [.. mean, .. other.Mean], [.. squares, .. other.Squares]);

    /// <summary>Computes the norm's effect on each channel: times a scale, plus a shift.</summary>
    /// <param name="norm">Groups, epsilon, weight and bias.</param>
    /// <param name="scale">(C), written.</param>
    /// <param name="shift">(C), written.</param>
    public void Affine<T>(FastNorm norm, T* scale, T* shift)
        where T : unmanaged
    {
        int width = mean.Length / norm.Groups;
        for (int group = 0; group < norm.Groups; group++)
        {
            double middle = 0, variance = 0;
            for (int c = group * width; c < (group + 1) * width; c++)
                middle += mean[c] / width;
            for (int c = group * width; c < (group + 1) * width; c++)
                variance += (squares[c] / count + (mean[c] - middle) * (mean[c] - middle)) / width;
            double inverse = 1 / Math.Sqrt(variance + norm.Epsilon);
            for (int c = group * width; c < (group + 1) * width; c++)
            {
                double factor = norm.Weight[c] * inverse;
                Store(scale + c, factor);
                Store(shift + c, norm.Bias[c] - middle * factor);
            }
        }
    }

    private ChannelMoments With(ChannelMoments other)
    {
        var (middle, sum) = (new double[mean.Length], new double[mean.Length]);
        double share = (double)other.Count / (count + other.Count);
        for (int c = 0; c < middle.Length; c++)
        {
            double apart = other.Mean[c] - mean[c];
            (middle[c], sum[c]) = (mean[c] + apart * share, squares[c] + other.Squares[c] + apart * apart * share * count);
        }

        return new(count + other.Count, middle, sum);
    }

    private static double Load<T>(T* p)
        where T : unmanaged => typeof(T) == typeof(float) ? *(float*)p : *(double*)p;

    private static void Store<T>(T* p, double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            *(float*)p = (float)value;
        else
            *(double*)p = value;
    }

    /// <summary>
    /// Collects the moments of parts, which threads deliver in any order, and combines them in the order of their places: the sum does not
    /// depend on how threads are scheduled.
    /// </summary>
    public sealed class Parts
    {
        private readonly SortedList<int, ChannelMoments> _parts = [];
        private readonly Lock _one = new();

        /// <summary>
        /// The combined moments of all parts, of which there is at least one. (Chan, Golub and LeVeque, "Updating formulae …", 1979.)
        /// </summary>
        public ChannelMoments Whole => _parts.Values.Aggregate((a, b) => a.With(b));

        /// <summary>Adds a part.</summary>
        public void Add(int place, ChannelMoments part)
        {
            lock (_one)
                _parts.Add(place, part);
        }
    }

    /// <summary>Sums positions on one thread.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    public sealed class Sums<T>
        where T : unmanaged
    {
        private readonly int _channels;
        private readonly T[] _pivot;
        private readonly double[] _sum;
        private readonly double[] _square;
        private long _count;

        /// <summary>Starts a sum.</summary>
        /// <param name="pivot">(C): a value near the mean that is subtracted first, so that squares of large means do not swamp a small
        /// variance.</param>
        /// <param name="channels">C, a multiple of the vector length.</param>
        public Sums(T* pivot, int channels)
        {
            (_channels, _sum, _square) = (channels, new double[channels], new double[channels]);
            _pivot = new ReadOnlySpan<T>(pivot, channels).ToArray();
        }

        /// <summary>Returns the result for at least one position. Nothing may be added afterward.</summary>
        public ChannelMoments End()
        {
            var mean = new double[_channels];
            fixed (T* pivot = _pivot)
            {
                for (int c = 0; c < _channels; c++)
                {
                    mean[c] = Load(pivot + c) + _sum[c] / _count;
                    _square[c] -= _sum[c] * _sum[c] / _count;
                }
            }

            return new(_count, mean, _square);
        }

        /// <summary>Adds consecutive positions.</summary>
        public void Add(T* x, int positions)
        {
            int vectors = _channels / Vector512<T>.Count;
            Vector512<T>* running = stackalloc Vector512<T>[2 * vectors];
            _count += positions;
            for (int from = 0; from < positions; from += RowBlock)
            {
                int to = Math.Min(from + RowBlock, positions);
                fixed (T* pivot = _pivot)
                {
                    for (int v = 0; v < vectors; v++)
                        Add(
                            x + (long)from * _channels + v * Vector512<T>.Count, to - from, pivot + v * Vector512<T>.Count, running + v,
                            running + vectors + v);
                }

                for (int c = 0; c < _channels; c++)
                {
                    _sum[c] += Load((T*)running + c);
                    _square[c] += Load((T*)(running + vectors) + c);
                }
            }
        }

        private void Add(T* x, int positions, T* pivot, Vector512<T>* sums, Vector512<T>* squares)
        {
            Vector512<T> subtracted = Vector512.Load(pivot), a = default, b = default, aa = default, bb = default;
            int i = 0;
            for (; i + 1 < positions; i += 2, x += 2L * _channels)
            {
                Vector512<T> first = Vector512.Load(x) - subtracted, second = Vector512.Load(x + _channels) - subtracted;
                a += first;
                b += second;
                aa += first * first;
                bb += second * second;
            }

            if (i < positions)
            {
                Vector512<T> last = Vector512.Load(x) - subtracted;
                a += last;
                aa += last * last;
            }

            *sums = a + b;
            *squares = aa + bb;
        }
    }
}

/// <summary>
/// One image's map after a <see cref="FastNorm"/>: rows are normalized on demand, even if their channels are spread over several tensors.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class NormalRows<T>
    where T : unmanaged
{
    private readonly (nint Start, int Channels)[] _parts;
    private readonly T* _scale;
    private readonly T* _shift;
    private readonly int _channels;
    private readonly bool _activate;

    /// <summary>Keeps the factors' memory alive.</summary>
    private readonly T[] _factors;

    /// <summary>Prepares the normalization.</summary>
    /// <param name="x">The map; it must outlive this object.</param>
    /// <param name="image">The index of the image.</param>
    /// <param name="norm">A native norm of its channels.</param>
    public NormalRows(FastMap x, int image, FastNorm norm)
    {
        _parts =
        [
            .. x.Parts.Select(part =>
                ((nint)(TensorMemory.Pointer<T>(part.Values) + image * x.Height * x.Width * part.Channels), part.Channels)
            ),
        ];
        (_channels, _activate) = (_parts.Sum(part => part.Channels), norm.Activates);
        _factors = GC.AllocateUninitializedArray<T>(2 * _channels, pinned: true);
        _scale = (T*)Unsafe.AsPointer(ref _factors[0]);
        _shift = _scale + _channels;
        x.Parts.Select(part => part.MomentsOf<T>(image)).Aggregate((a, b) => a.Beside(b)).Affine(norm, _scale, _shift);
    }

    /// <summary>Writes consecutive positions.</summary>
    /// <param name="first">The first one, row · width + column.</param>
    /// <param name="count">The number of positions.</param>
    /// <param name="target">(count, channels).</param>
    public void Write(long first, int count, T* target)
    {
        int done = 0;
        foreach ((nint start, int channels) in _parts)
        {
            FastNorm.Run(
                (T*)start + first * channels, channels, target + done, _channels, count, channels, _scale + done, _shift + done, _activate);
            done += channels;
        }

        GC.KeepAlive(_factors);
    }
}
