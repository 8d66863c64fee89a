using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Products of a few rows of numbers with a small matrix, all of which lie in a processor's own cache.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class TileProducts<T>
    where T : unmanaged
{
    /// <summary>Rows that are computed at a time: their sums stay in registers. Buffers hold a multiple of it; rows beyond those that count are computed too.</summary>
    public const int Together = 12;

    /// <summary>rows · matrix.</summary>
    /// <param name="rows">(count, inputs).</param>
    /// <param name="count">Rows.</param>
    /// <param name="inputs">Numbers in a row.</param>
    /// <param name="matrix">(inputs, outputs).</param>
    /// <param name="outputs">A multiple of the vector's length.</param>
    /// <param name="results">(count, outputs), written.</param>
    public static void Multiply(T* rows, int count, int inputs, T* matrix, int outputs, T* results)
    {
        for (int row = 0; row < count; row += Together)
            for (int k = 0; k < outputs; k += Vector512<T>.Count)
                Twelve(rows + (long)row * inputs, inputs, matrix + k, outputs, results + (long)row * outputs + k);
    }

    private static void Twelve(T* a, int inputs, T* b, int outputs, T* to)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector512<T> y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        T* c = a + 6L * inputs;
        for (int i = 0; i < inputs; i++, a++, c++, b += outputs)
        {
            Vector512<T> weights = Vector512.Load(b);
            y0 = Add(a, weights, y0);
            y1 = Add(a + inputs, weights, y1);
            y2 = Add(a + 2L * inputs, weights, y2);
            y3 = Add(a + 3L * inputs, weights, y3);
            y4 = Add(a + 4L * inputs, weights, y4);
            y5 = Add(a + 5L * inputs, weights, y5);
            y6 = Add(c, weights, y6);
            y7 = Add(c + inputs, weights, y7);
            y8 = Add(c + 2L * inputs, weights, y8);
            y9 = Add(c + 3L * inputs, weights, y9);
            y10 = Add(c + 4L * inputs, weights, y10);
            y11 = Add(c + 5L * inputs, weights, y11);
        }

        y0.Store(to);
        y1.Store(to + outputs);
        y2.Store(to + 2L * outputs);
        y3.Store(to + 3L * outputs);
        y4.Store(to + 4L * outputs);
        y5.Store(to + 5L * outputs);
        to += 6L * outputs;
        y6.Store(to);
        y7.Store(to + outputs);
        y8.Store(to + 2L * outputs);
        y9.Store(to + 3L * outputs);
        y10.Store(to + 4L * outputs);
        y11.Store(to + 5L * outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Add(T* factor, Vector512<T> weights, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)factor), weights.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(Vector512.Create(*(double*)factor), weights.AsDouble(), sum.AsDouble()).As<double, T>();
}
