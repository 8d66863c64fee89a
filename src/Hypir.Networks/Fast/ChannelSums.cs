using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>
/// Group statistics of maps with channels last, as what a normalisation then does to each channel: times a scale, plus a shift.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class ChannelSums<T>
    where T : unmanaged
{
    /// <summary>Computes scale and shift of one picture's channels.</summary>
    /// <param name="x">First element of (H·W, C).</param>
    /// <param name="positions">H·W.</param>
    /// <param name="channels">C, a multiple of the vector's length.</param>
    /// <param name="norm">Groups, epsilon, weight and bias.</param>
    /// <param name="scale">(C), written.</param>
    /// <param name="shift">(C), written.</param>
    public static void Affine(T* x, int positions, int channels, FastNorm norm, T* scale, T* shift)
    {
        (double[] sum, double[] square) = Sums(x, positions, channels);
        int width = channels / norm.Groups;
        for (int group = 0; group < norm.Groups; group++)
        {
            double mean = 0;
            for (int c = group * width; c < (group + 1) * width; c++)
                mean += sum[c] + Pivot(c) * positions;
            mean /= (double)width * positions;
            // Around the mean, channel by channel: squares of large means would swallow a small variance.
            double variance = 0;
            for (int c = group * width; c < (group + 1) * width; c++)
            {
                double shifted = Pivot(c) - mean;
                variance += square[c] + 2 * shifted * sum[c] + shifted * shifted * positions;
            }

            variance /= (double)width * positions;
            double inverse = 1 / Math.Sqrt(variance + norm.Epsilon);
            for (int c = group * width; c < (group + 1) * width; c++)
            {
                double factor = norm.Weight[c] * inverse;
                Store(scale + c, factor);
                Store(shift + c, norm.Bias[c] - mean * factor);
            }
        }

        double Pivot(int c) => Load(x + c);
    }

    /// <summary>Sums and sums of squares of what is left after each channel's first value was subtracted.</summary>
    private static (double[] Sum, double[] Square) Sums(T* x, int positions, int channels)
    {
        const int Together = 512; // so few are added up in the narrow type
        var sum = new double[channels];
        var square = new double[channels];
        int blocks = (positions + Together - 1) / Together;
        Lock one = new();
        Workers.Run(blocks, (from, to) =>
        {
            var own = new double[2 * channels];
            Vector512<T>* running = stackalloc Vector512<T>[2 * (channels / Vector512<T>.Count)];
            for (int block = from; block < to; block++)
                Add(x, channels, block * Together, Math.Min((block + 1) * Together, positions), running, own);
            lock (one)
            {
                for (int c = 0; c < channels; c++)
                    (sum[c], square[c]) = (sum[c] + own[c], square[c] + own[channels + c]);
            }
        });
        return (sum, square);
    }

    private static void Add(T* x, int channels, int from, int to, Vector512<T>* running, double[] own)
    {
        int vectors = channels / Vector512<T>.Count;
        for (int v = 0; v < 2 * vectors; v++)
            running[v] = Vector512<T>.Zero;
        for (int position = from; position < to; position++)
        {
            T* row = x + (long)position * channels;
            for (int v = 0; v < vectors; v++)
            {
                Vector512<T> difference = Vector512.Load(row + v * Vector512<T>.Count) - Vector512.Load(x + v * Vector512<T>.Count);
                running[v] += difference;
                running[vectors + v] += difference * difference;
            }
        }

        T* values = (T*)running;
        for (int c = 0; c < 2 * channels; c++)
            own[c] += Load(values + c);
    }

    private static double Load(T* p) => typeof(T) == typeof(float) ? *(float*)p : *(double*)p;

    private static void Store(T* p, double value)
    {
        if (typeof(T) == typeof(float))
            *(float*)p = (float)value;
        else
            *(double*)p = value;
    }
}
