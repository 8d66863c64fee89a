using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast.Training;

/// <summary>
/// The gradient of a 3x3 convolution's kernels: with the convolution y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ x B)] A of each tile, it is
/// Gᵀ [∑ (A dy Aᵀ) ⊙ (Bᵀ x B)] G, summed over tiles: 36 products of matrices, a quarter of the plain multiplications.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="grid">The maps' tiles.</param>
/// <param name="inputs">Channels of the source, a multiple of the vector length.</param>
/// <param name="outputs">Channels of the result, a multiple of the vector length.</param>
internal sealed unsafe class KernelGradient<T>(BatchTiles grid, int inputs, int outputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Products = WinogradTransform<T>.Products;
    private const int Side = 3;

    /// <summary>Limit on a thread's transformed tiles.</summary>
    private const int BufferBytes = 640 << 10;

    /// <summary>Tiles at a time, at least: the sums are read and written as often.</summary>
    private const int FewestTiles = 24;

    /// <summary>Limit on the sums of all parts, where two parts do not exceed it.</summary>
    private const long SumBytes = 4 << 20;

    /// <summary>Most parts.</summary>
    private const int MostParts = 8;

    /// <summary>
    /// Parts that are summed separately. They follow from sizes only: the rounding of the result does not depend on the number of threads.
    /// </summary>
    private int Parts => (int)Math.Min(Math.Clamp(SumBytes / (Sums * sizeof(T)), 2, MostParts), grid.Tiles);

    private long Sums => (long)Products * outputs * inputs;

    /// <summary>Computes the gradient.</summary>
    /// <param name="source">The convolution's input, (B, H, W, C).</param>
    /// <param name="slope">The gradient of its result, (B, H, W, K).</param>
    /// <param name="result">(K, C, 3, 3), written.</param>
    public void Run(T* source, T* slope, T* result)
    {
        using var scope = NewDisposeScope();
        using var memory = new MapMemory();
        int parts = Parts, together = Math.Max(FewestTiles, BufferBytes / (Products * (inputs + outputs) * sizeof(T)));
        ScalarType type = TensorMemory.TypeOf<T>();
        T* sums = TensorMemory.Pointer<T>(empty([parts, Sums], type));
        using (var own = new ThreadMemory<T>(memory, (long)together * Products * (inputs + outputs)))
            own.Run(parts, (from, to, room) =>
            {
                for (int part = from; part < to; part++)
                {
                    int start = (int)((long)grid.Tiles * part / parts), end = (int)((long)grid.Tiles * (part + 1) / parts);
                    for (int first = start; first < end; first += together)
                        Add(source, slope, first, Math.Min(together, end - first), together, room, sums + part * Sums, first > start);
                }
            });
        ParallelLoop.Run(outputs, (from, to) =>
        {
            for (int k = from; k < to; k++)
                Finish(sums, parts, k, result + (long)k * inputs * Side * Side);
        });
    }

    private void Add(T* source, T* slope, int first, int count, int together, T* tiles, T* sums, bool adds)
    {
        T* slopes = tiles + (long)together * Products * inputs;
        TileSource<T>.Transform(grid, source, inputs, first, count, tiles, (long)together * inputs);
        for (int i = 0; i < count; i++)
        {
            TilePlace place = grid[first + i];
            GradientTransform<T>.Spread(
                slope + grid.Pixel(place.Image, place.Row, place.Column) * outputs, (long)grid.Width * outputs, outputs, place.Height,
                place.Width, slopes + (long)i * outputs, (long)together * outputs);
        }

        for (int p = 0; p < Products; p++)
            TileProducts<T>.Multiply(
                slopes + (long)p * together * outputs, 1, outputs, outputs, count, tiles + (long)p * together * inputs, inputs,
                sums + (long)p * outputs * inputs, inputs, adds);
    }

    /// <summary>Adds the parts of one output's sums and transforms them back.</summary>
    [SkipLocalsInit]
    private void Finish(T* sums, int parts, int output, T* result)
    {
        int step = Vector512<T>.Count;
        Vector512<T>* products = stackalloc Vector512<T>[Products];
        Vector512<T>* kernel = stackalloc Vector512<T>[Side * Side];
        for (int c = 0; c < inputs; c += step)
        {
            for (int p = 0; p < Products; p++)
            {
                T* from = sums + ((long)p * outputs + output) * inputs + c;
                Vector512<T> sum = Vector512.Load(from);
                for (int part = 1; part < parts; part++)
                    sum += Vector512.Load(from + part * Sums);
                products[p] = sum;
            }

            GradientTransform<T>.Gather(products, kernel);
            for (int place = 0; place < Side * Side; place++)
                for (int lane = 0; lane < step; lane++)
                    result[(long)(c + lane) * Side * Side + place] = ((T*)(kernel + place))[lane];
        }
    }
}

/// <summary>The transforms of <see cref="WinogradTransform{T}"/> that gradients of kernels need: the transposed ones.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class GradientTransform<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Side = 3;

    /// <summary>A dy Aᵀ of one tile.</summary>
    /// <param name="slope">The gradient at the tile's first result.</param>
    /// <param name="pitch">Elements from one row to the next.</param>
    /// <param name="channels">Channels, a multiple of the vector length; also elements from one column to the next.</param>
    /// <param name="height">Rows of the tile inside the map.</param>
    /// <param name="width">Columns of the tile inside the map.</param>
    /// <param name="target">(36, channels), written.</param>
    /// <param name="between">Elements from one of the 36 vectors to the next.</param>
    [SkipLocalsInit]
    public static void Spread(T* slope, long pitch, int channels, int height, int width, T* target, long between)
    {
        Vector512<T>* columns = stackalloc Vector512<T>[Inputs * Results];
        Vector512<T>* row = stackalloc Vector512<T>[Inputs];
        for (int c = 0; c < channels; c += Vector512<T>.Count)
        {
            for (int x = 0; x < Results; x++)
            {
                T* at = slope + (long)x * channels + c;
                Vector512<T> a = default, b = default, d = default, e = default;
                if (x < width)
                {
                    a = Vector512.Load(at);
                    b = height > 1 ? Vector512.Load(at + pitch) : default;
                    d = height > 2 ? Vector512.Load(at + 2 * pitch) : default;
                    e = height > 3 ? Vector512.Load(at + 3 * pitch) : default;
                }

                Line(a, b, d, e, columns + x, Results);
            }

            for (int y = 0; y < Inputs; y++)
            {
                Vector512<T>* from = columns + Results * y;
                Line(from[0], from[1], from[2], from[3], row, 1);
                for (int x = 0; x < Inputs; x++)
                    row[x].Store(target + (Inputs * y + x) * between + c);
            }
        }
    }

    /// <summary>Gᵀ u G.</summary>
    /// <param name="products">36 sums.</param>
    /// <param name="kernel">9 gradients, written.</param>
    [SkipLocalsInit]
    public static void Gather(Vector512<T>* products, Vector512<T>* kernel)
    {
        Vector512<T>* columns = stackalloc Vector512<T>[Side * Inputs];
        for (int x = 0; x < Inputs; x++)
            Sums(products + x, Inputs, columns + x, Inputs);
        for (int y = 0; y < Side; y++)
            Sums(columns + Inputs * y, 1, kernel + Side * y, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T>* to, int step)
    {
        Vector512<T> even = a + c, odd = b + d;
        to[0] = a;
        to[step] = even + odd;
        to[2 * step] = even - odd;
        even = Fused.MultiplyAdd(c, Number(4), a);
        odd = Fused.MultiplyAdd(d, Number(8), b + b);
        to[3 * step] = even + odd;
        to[4 * step] = even - odd;
        to[5 * step] = d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(Vector512<T>* u, int from, Vector512<T>* to, int step)
    {
        Vector512<T> near = (u[from] + u[2 * from]) * Over(6), far = u[3 * from] + u[4 * from];
        to[0] = Fused.MultiplyAdd(u[0], Over(4), far * Over(24)) - near;
        to[step] = Fused.MultiplyAdd(u[2 * from] - u[from], Over(6), (u[3 * from] - u[4 * from]) * Over(12));
        to[2 * step] = Fused.MultiplyAdd(far, Over(6), u[5 * from] - near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Number(int value) => Vector512.Create(T.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Over(int divisor) => Vector512.Create(T.One / T.CreateTruncating(divisor));
}
