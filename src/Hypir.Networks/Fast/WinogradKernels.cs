using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>The kernels of <see cref="WinogradTransform{T}"/>, transformed in float64 and rounded once.</summary>
internal static unsafe class WinogradKernels
{
    private const int Inputs = 6;
    private const int Side = 3;

    /// <summary>Kernels transformed at a time.</summary>
    private static readonly int Lanes = Vector512<double>.Count;

    /// <summary>Transforms kernels.</summary>
    /// <param name="weight">(K, C, 3, 3), float32 or float64, contiguous, on the CPU; C is a multiple of 8.</param>
    /// <param name="result">36·K·C elements, (36, K, C), written.</param>
    public static void Transform(Tensor weight, Tensor result)
    {
        if (weight.dtype == ScalarType.Float32)
            Transform<float>(weight, result);
        else
            Transform<double>(weight, result);
    }

    private static void Transform<T>(Tensor weight, Tensor result)
        where T : unmanaged
    {
        (int outputs, int inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        T* from = TensorMemory.Pointer<T>(weight), to = TensorMemory.Pointer<T>(result);
        ParallelLoop.Run(outputs, (first, end) =>
        {
            Vector512<double>* kernels = stackalloc Vector512<double>[Side * Side];
            Vector512<double>* products = stackalloc Vector512<double>[Inputs * Inputs];
            for (int k = first; k < end; k++)
                for (int c = 0; c < inputs; c += Lanes)
                {
                    Read(from + ((long)k * inputs + c) * Side * Side, (double*)kernels);
                    Products(kernels, products);
                    for (int p = 0; p < Inputs * Inputs; p++)
                        Store(to + ((long)p * outputs + k) * inputs + c, products[p]);
                }
        });
    }

    /// <summary>Reads consecutive kernels, position by position.</summary>
    private static void Read<T>(T* weight, double* kernels)
        where T : unmanaged
    {
        for (int lane = 0; lane < Lanes; lane++)
            for (int place = 0; place < Side * Side; place++, weight++)
                kernels[place * Lanes + lane] = typeof(T) == typeof(float) ? *(float*)weight : *(double*)weight;
    }

    /// <summary>G g Gᵀ.</summary>
    private static void Products(Vector512<double>* kernels, Vector512<double>* products)
    {
        Vector512<double>* columns = stackalloc Vector512<double>[Inputs * Side];
        for (int x = 0; x < Side; x++)
            Line(kernels[x], kernels[Side + x], kernels[2 * Side + x], columns + x, Side);
        for (int y = 0; y < Inputs; y++)
            Line(columns[Side * y], columns[Side * y + 1], columns[Side * y + 2], products + Inputs * y, 1);
    }

    private static void Line(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double>* to, int step)
    {
        Vector512<double> even = (a + c) / -6, odd = b / -6;
        to[0] = a / 4;
        to[step] = even + odd;
        to[2 * step] = even - odd;
        even = a / 24 + c / 6;
        odd = b / 12;
        to[3 * step] = even + odd;
        to[4 * step] = even - odd;
        to[5 * step] = c;
    }

    private static void Store<T>(T* p, Vector512<double> values)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            Vector256.Narrow(values.GetLower(), values.GetUpper()).Store((float*)p);
        else
            values.Store((double*)p);
    }
}

/// <summary>
/// Kernels of <see cref="WinogradTransform{T}"/> that are transformed on use and not stored: G g Gᵀ of some channel pairs.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class KernelPanel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Side = 3;

    /// <summary>Scratch elements that a transformation needs.</summary>
    /// <param name="inputs">Inputs.</param>
    public static int Room(int inputs) => inputs * Side * Side * Vector512<T>.Count;

    /// <summary>Transforms kernels.</summary>
    /// <param name="weight">The first output's kernel of the first input.</param>
    /// <param name="pitch">Elements from one output's kernels to the next's.</param>
    /// <param name="inputs">Number of inputs, a multiple of the vector length.</param>
    /// <param name="outputs">Number of outputs, a multiple of the vector length.</param>
    /// <param name="room">Scratch memory of size <see cref="Room"/>, overwritten.</param>
    /// <param name="panel">(36, inputs, outputs), written.</param>
    [SkipLocalsInit]
    public static void Transform(T* weight, long pitch, int inputs, int outputs, T* room, T* panel) =>
        Transform(weight, pitch, inputs, outputs, room, panel, outputs);

    /// <summary>The same for some outputs of a wider panel.</summary>
    /// <param name="weight">The first output's kernel of the first input.</param>
    /// <param name="pitch">Elements from one output's kernels to the next's.</param>
    /// <param name="inputs">Number of inputs, a multiple of the vector length.</param>
    /// <param name="outputs">Number of outputs to transform, a multiple of the vector length.</param>
    /// <param name="room">Scratch memory of size <see cref="Room"/>, overwritten.</param>
    /// <param name="panel">(36, inputs, width), of which the first outputs are written.</param>
    /// <param name="width">All outputs of the panel.</param>
    [SkipLocalsInit]
    public static void Transform(T* weight, long pitch, int inputs, int outputs, T* room, T* panel, int width)
    {
        Vector512<T>* columns = stackalloc Vector512<T>[Inputs * Side];
        Vector512<T>* products = stackalloc Vector512<T>[Inputs];
        for (int k = 0; k < outputs; k += Vector512<T>.Count)
        {
            Transposition<T>.Run(weight + k * pitch, pitch, inputs * Side * Side, room);
            var kernels = (Vector512<T>*)room;
            for (int c = 0; c < inputs; c++, kernels += Side * Side)
            {
                T* to = panel + (long)c * width + k;
                for (int x = 0; x < Side; x++)
                    Line(kernels[x], kernels[Side + x], kernels[2 * Side + x], columns + x, Side);
                for (int y = 0; y < Inputs; y++)
                {
                    Line(columns[Side * y], columns[Side * y + 1], columns[Side * y + 2], products, 1);
                    for (int x = 0; x < Inputs; x++)
                        products[x].Store(to + (long)(Inputs * y + x) * inputs * width);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T>* to, int step)
    {
        Vector512<T> even = (a + c) * Over(-6), odd = b * Over(-6);
        to[0] = a * Over(4);
        to[step] = even + odd;
        to[2 * step] = even - odd;
        even = Fused.MultiplyAdd(a, Over(24), c * Over(6));
        odd = b * Over(12);
        to[3 * step] = even + odd;
        to[4 * step] = even - odd;
        to[5 * step] = c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Over(int divisor) => Vector512.Create(T.One / T.CreateTruncating(divisor));
}
