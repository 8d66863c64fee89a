using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Kernels of <see cref="WinogradTransform{T}"/> that are transformed when they are multiplied with, and not kept: G g Gᵀ of some pairs of channels.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class KernelPanel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Side = 3;

    /// <summary>Elements that a transformation needs on the way.</summary>
    /// <param name="inputs">Inputs.</param>
    public static int Room(int inputs) => inputs * Side * Side * Vector512<T>.Count;

    /// <summary>Transforms kernels.</summary>
    /// <param name="weight">The first output's kernel of the first input.</param>
    /// <param name="pitch">Elements from one output's kernels to the next's.</param>
    /// <param name="inputs">Inputs, a multiple of the vector's length.</param>
    /// <param name="outputs">Outputs, a multiple of the vector's length.</param>
    /// <param name="room">As <see cref="Room"/> says, written.</param>
    /// <param name="panel">(36, inputs, outputs), written.</param>
    [SkipLocalsInit]
    public static void Transform(T* weight, long pitch, int inputs, int outputs, T* room, T* panel)
    {
        Vector512<T>* columns = stackalloc Vector512<T>[Inputs * Side];
        Vector512<T>* products = stackalloc Vector512<T>[Inputs];
        for (int k = 0; k < outputs; k += Vector512<T>.Count)
        {
            Transposition<T>.Run(weight + k * pitch, pitch, inputs * Side * Side, room);
            var kernels = (Vector512<T>*)room;
            for (int c = 0; c < inputs; c++, kernels += Side * Side)
            {
                T* to = panel + (long)c * outputs + k;
                for (int x = 0; x < Side; x++)
                    Line(kernels[x], kernels[Side + x], kernels[2 * Side + x], columns + x, Side);
                for (int y = 0; y < Inputs; y++)
                {
                    Line(columns[Side * y], columns[Side * y + 1], columns[Side * y + 2], products, 1);
                    for (int x = 0; x < Inputs; x++)
                        products[x].Store(to + (long)(Inputs * y + x) * inputs * outputs);
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
