using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>
/// softmax(Qᵀ K / √d) V of <see cref="TokenBlocks{T}"/>, a few key blocks at a time: partial sums are scaled down when a larger score
/// appears (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018; Dao et al., "FlashAttention", 2022).
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class BlockAttention<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Key blocks processed at a time: their scores stay in the thread's L1 cache.</summary>
    private const int KeyBlocks = 4;

    private const int VectorBytes = 64;

    /// <summary>Computes attention for some blocks of a sequence, all heads.</summary>
    /// <param name="keys">Keys and values; at least one.</param>
    /// <param name="heads">Number of heads; each has an equal share of the channels.</param>
    /// <param name="channels">Channels of all heads.</param>
    /// <param name="queries">(blocks, channels, size).</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="results">(blocks, channels, size), written.</param>
    public static void Run(AttentionKeys<T> keys, int heads, int channels, T* queries, int blocks, T* results)
    {
        int size = TokenBlocks<T>.Size, width = channels / heads;
        byte* stack = stackalloc byte[(KeyBlocks * size + 2 * blocks) * size * sizeof(T) + VectorBytes];
        T* scores = (T*)(((nint)stack + VectorBytes - 1) / VectorBytes * VectorBytes),
            most = scores + KeyBlocks * size * size,
            sums = most + blocks * size;
        // log2(e)/sqrt(d): weights are computed as 2^x, so scores are scaled to base 2.
        var scale = Vector512.Create(T.CreateChecked(Math.Log2(Math.E) / Math.Sqrt(width)));
        for (int head = 0; head < heads; head++)
        {
            new Span<T>(most, blocks * size).Fill(T.NegativeInfinity);
            new Span<T>(sums, blocks * size).Clear();
            for (int first = 0; first < keys.Count; first += KeyBlocks * size)
            {
                int count = Math.Min(KeyBlocks * size, keys.Count - first);
                T* values = keys.Values + first * keys.ValueStep + (long)head * width * keys.ValueChannelStep;
                for (int block = 0; block < blocks; block++)
                {
                    long place = ((long)block * channels + head * width) * size;
                    Score(keys, head * width, first, count, queries + place, width, scores);
                    Weigh(scores, count, scale, most + block * size, sums + block * size, first == 0 ? 0 : width, results + place);
                    TileProducts<T>.Multiply(
                        values, keys.ValueChannelStep, keys.ValueStep, width, count, scores, size, results + place, size, first > 0);
                }
            }

            for (int block = 0; block < blocks; block++)
                Divide(results + ((long)block * channels + head * width) * size, width, sums + block * size);
        }
    }

    private static void Score(AttentionKeys<T> keys, int channel, int first, int count, T* queries, int width, T* scores)
    {
        int size = TokenBlocks<T>.Size;
        T* start = keys.Keys + first / size * keys.KeyBlockStep + channel * keys.KeyChannelStep;
        for (int key = 0; key < count; key += size, start += keys.KeyBlockStep)
            TileProducts<T>.Multiply(
                start, keys.KeyStep, keys.KeyChannelStep, Math.Min(size, count - key), width, queries, size, scores + key * size, size,
                false);
    }

    /// <summary>Converts scores to weights; the partial sums are scaled to the largest score so far.</summary>
    private static void Weigh(T* scores, int count, Vector512<T> scale, T* most, T* sums, int summed, T* results)
    {
        int size = TokenBlocks<T>.Size,
            half = Vector512<T>.Count;
        Vector512<T> before = Vector512.Load(most),
            beforeRight = Vector512.Load(most + half),
            left = before,
            right = beforeRight,
            otherLeft = before,
            otherRight = beforeRight;
        T* end = scores + (long)count * size;
        for (T* row = scores; row < end; row += 2 * size)
        {
            // With an odd number of rows, the last one is processed twice.
            T* other = row + size < end ? row + size : row;
            left = Vector512.MaxNative(left, Vector512.Load(row));
            right = Vector512.MaxNative(right, Vector512.Load(row + half));
            otherLeft = Vector512.MaxNative(otherLeft, Vector512.Load(other));
            otherRight = Vector512.MaxNative(otherRight, Vector512.Load(other + half));
        }

        left = Vector512.MaxNative(left, otherLeft);
        right = Vector512.MaxNative(right, otherRight);
        left.Store(most);
        right.Store(most + half);
        Vector512<T> shift = -(left * scale),
            shiftRight = -(right * scale);
        Vector512<T> factor = PowerOfTwo.Of(Fused.MultiplyAdd(before, scale, shift)),
            factorRight = PowerOfTwo.Of(Fused.MultiplyAdd(beforeRight, scale, shiftRight));
        Vector512<T> sum = Vector512.Load(sums) * factor,
            sumRight = Vector512.Load(sums + half) * factorRight;
        for (T* row = scores; row < end; row += size)
        {
            Vector512<T> weight = PowerOfTwo.Of(Fused.MultiplyAdd(Vector512.Load(row), scale, shift));
            Vector512<T> weightRight = PowerOfTwo.Of(Fused.MultiplyAdd(Vector512.Load(row + half), scale, shiftRight));
            weight.Store(row);
            weightRight.Store(row + half);
            sum += weight;
            sumRight += weightRight;
        }

        sum.Store(sums);
        sumRight.Store(sums + half);
        Scale(results, summed, factor, factorRight);
    }

    private static void Divide(T* results, int width, T* sums) =>
        Scale(results, width, Vector512<T>.One / Vector512.Load(sums), Vector512<T>.One / Vector512.Load(sums + Vector512<T>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(T* rows, int count, Vector512<T> left, Vector512<T> right)
    {
        int size = TokenBlocks<T>.Size, half = Vector512<T>.Count;
        for (int row = 0; row < count; row++, rows += size)
        {
            (Vector512.Load(rows) * left).Store(rows);
            (Vector512.Load(rows + half) * right).Store(rows + half);
        }
    }
}
