using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>
/// The tile transforms of F(4×4, 3×3): a 3x3 convolution's 4x4 results from 36 products instead of 144 (Winograd, 1980; Lavin and Gray,
/// "Fast Algorithms for Convolutional Neural Networks", 2016), with interpolation at 0, ±1, ±2 and infinity.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class WinogradTransform<T>
    where T : unmanaged
{
    /// <summary>Results along each axis of a tile.</summary>
    public const int Results = 4;

    /// <summary>Inputs along each axis of a tile.</summary>
    public const int Inputs = 6;

    /// <summary>Products per tile and channel pair.</summary>
    public const int Products = Inputs * Inputs;

    /// <summary>Transforms one tile's inputs.</summary>
    /// <param name="rows">Six rows of the map; null for rows outside it.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="columnPitch">Elements from one column of the map to the next.</param>
    /// <param name="channels">Channels to transform, a multiple of the vector length.</param>
    /// <param name="left">The tile's first column; it and later ones may be outside the map.</param>
    /// <param name="halve">0, or 1 if the rows have half the map's width and each column stands for two.</param>
    /// <param name="target">(36, channels), written.</param>
    /// <param name="between">Elements from one of the 36 vectors to the next.</param>
    [SkipLocalsInit]
    public static void Input(T** rows, int width, long columnPitch, int channels, int left, int halve, T* target, long between)
    {
        int step = Vector512<T>.Count;
        Vector512<T>* buffer = stackalloc Vector512<T>[Products];
        bool inside = left >= 0 && left + Inputs <= width && rows[0] is not null && rows[Inputs - 1] is not null;
        for (int c = 0; c < channels; c += step)
        {
            for (int i = 0; i < Inputs; i++)
            {
                int column = left + i;
                long at = (column >> halve) * columnPitch + c;
                if (inside)
                    Lines(
                        Load(rows[0] + at), Load(rows[1] + at), Load(rows[2] + at), Load(rows[3] + at), Load(rows[4] + at),
                        Load(rows[5] + at), buffer + i, Inputs);
                else if ((uint)column >= (uint)width)
                    Lines(default, default, default, default, default, default, buffer + i, Inputs);
                else
                    Lines(
                        Edge(rows[0], at), Edge(rows[1], at), Edge(rows[2], at), Edge(rows[3], at), Edge(rows[4], at), Edge(rows[5], at),
                        buffer + i, Inputs);
            }

            for (int i = 0; i < Inputs; i++)
            {
                Vector512<T>* row = buffer + Inputs * i;
                Lines(row[0], row[1], row[2], row[3], row[4], row[5], row, 1);
                for (int j = 0; j < Inputs; j++)
                    row[j].Store(target + (Inputs * i + j) * between + c);
            }
        }
    }

    /// <summary>Transforms one tile's products to results.</summary>
    /// <param name="products">(36, channels).</param>
    /// <param name="between">Elements from one of the 36 vectors to the next.</param>
    /// <param name="channels">Channels of the result to compute.</param>
    /// <param name="bias">(channels).</param>
    /// <param name="slopes">The factor of each channel's negative results after all sums, (channels); or null.</param>
    /// <param name="residual">The residual to add, at the tile's first result; or null.</param>
    /// <param name="target">The tile's first result.</param>
    /// <param name="pitch">Elements from one row of the result to the next.</param>
    /// <param name="columnPitch">Elements from one column of the result to the next.</param>
    /// <param name="height">Rows of the tile inside the map.</param>
    /// <param name="width">Columns of the tile inside the map.</param>
    /// <param name="gate">Laid out as the target: results become 0 where it is not above 0; or null.</param>
    [SkipLocalsInit]
    public static void Output(
        T* products, long between, int channels, T* bias, T* slopes, T* residual, T* target, long pitch, long columnPitch, int height,
        int width, T* gate = null)
    {
        int step = Vector512<T>.Count;
        Vector512<T>* buffer = stackalloc Vector512<T>[Results * Inputs + Results];
        Vector512<T>* results = buffer + Results * Inputs;
        for (int c = 0; c < channels; c += step)
        {
            for (int i = 0; i < Inputs; i++)
            {
                T* p = products + i * between + c;
                long down = Inputs * between;
                Sums(
                    Load(p), Load(p + down), Load(p + 2 * down), Load(p + 3 * down), Load(p + 4 * down), Load(p + 5 * down), buffer + i,
                    Inputs);
            }

            Vector512<T> shift = Load(bias + c), slope = slopes is null ? Vector512<T>.One : Load(slopes + c);
            for (int y = 0; y < height; y++)
            {
                Vector512<T>* row = buffer + Inputs * y;
                Sums(row[0], row[1], row[2], row[3], row[4], row[5], results, 1);
                for (int x = 0; x < width; x++)
                {
                    long at = y * pitch + x * columnPitch + c;
                    Vector512<T> sum = results[x] + (residual is null ? shift : shift + Load(residual + at));
                    if (slopes is not null)
                        sum = Vector512.ConditionalSelect(Vector512.GreaterThan(sum, Vector512<T>.Zero), sum, sum * slope);
                    if (gate is not null)
                        sum = Vector512.ConditionalSelect(Vector512.GreaterThan(Load(gate + at), Vector512<T>.Zero), sum, default);
                    sum.Store(target + at);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(
        Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e, Vector512<T> f, Vector512<T>* to, int step)
    {
        to[0] = Plus(4, a, Plus(-5, c, e));
        Vector512<T> even = Plus(-4, c, e), odd = Plus(-4, b, d);
        to[step] = even + odd;
        to[2 * step] = even - odd;
        even = e - c;
        odd = d - b;
        to[3 * step] = Plus(2, odd, even);
        to[4 * step] = Plus(-2, odd, even);
        to[5 * step] = Plus(4, b, Plus(-5, d, f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(
        Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e, Vector512<T> f, Vector512<T>* to, int step)
    {
        Vector512<T> even = b + c, odd = b - c, far = d + e, across = d - e;
        to[0] = a + even + far;
        to[step] = Plus(2, across, odd);
        to[2 * step] = Plus(4, far, even);
        to[3 * step] = Plus(8, across, odd) + f;
    }

    /// <summary>factor · x + y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Plus(float factor, Vector512<T> x, Vector512<T> y) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(Vector512.Create(factor), x.AsSingle(), y.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(Vector512.Create((double)factor), x.AsDouble(), y.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(T* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Edge(T* row, long at) => row is null ? default : Vector512.Load(row + at);
}
