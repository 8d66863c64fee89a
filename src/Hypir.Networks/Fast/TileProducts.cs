using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Products of some rows of numbers with a small matrix, all of which lie in a processor's own cache.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class TileProducts<T>
    where T : unmanaged
{
    /// <summary>Rows that are computed at a time: their sums stay in registers.</summary>
    public const int Together = 12;

    /// <summary>results = rows · matrix, or results + rows · matrix.</summary>
    /// <param name="rows">(count, inputs).</param>
    /// <param name="count">Rows.</param>
    /// <param name="inputs">Numbers in a row.</param>
    /// <param name="matrix">(inputs, outputs).</param>
    /// <param name="outputs">A multiple of the vector's length.</param>
    /// <param name="results">(count, outputs), written.</param>
    /// <param name="adds">Whether what is in the results is added.</param>
    public static void Multiply(T* rows, int count, int inputs, T* matrix, int outputs, T* results, bool adds = false)
    {
        int step = Vector512<T>.Count, row = 0;
        for (; row + Together <= count; row += Together)
        {
            T* from = rows + (long)row * inputs, to = results + (long)row * outputs;
            int k = 0;
            for (; k + 2 * step <= outputs; k += 2 * step)
                TwelveByTwo(from, inputs, matrix + k, outputs, to + k, adds);
            if (k < outputs)
                Twelve(from, inputs, matrix + k, outputs, to + k, adds);
        }

        for (; row < count; row++)
            for (int k = 0; k < outputs; k += step)
                One(rows + (long)row * inputs, inputs, matrix + k, outputs, results + (long)row * outputs + k, adds);
    }

    private static void One(T* a, int inputs, T* b, int outputs, T* to, bool adds)
    {
        Vector512<T> y = adds ? Vector512.Load(to) : default;
        for (int i = 0; i < inputs; i++, a++, b += outputs)
            y = Add(Factor(a), Vector512.Load(b), y);
        y.Store(to);
    }

    private static void Twelve(T* a, int inputs, T* b, int outputs, T* to, bool adds)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector512<T> y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        T* c = a + 6L * inputs;
        for (int i = 0; i < inputs; i++, a++, c++, b += outputs)
        {
            Vector512<T> weights = Vector512.Load(b);
            y0 = Add(Factor(a), weights, y0);
            y1 = Add(Factor(a + inputs), weights, y1);
            y2 = Add(Factor(a + 2L * inputs), weights, y2);
            y3 = Add(Factor(a + 3L * inputs), weights, y3);
            y4 = Add(Factor(a + 4L * inputs), weights, y4);
            y5 = Add(Factor(a + 5L * inputs), weights, y5);
            y6 = Add(Factor(c), weights, y6);
            y7 = Add(Factor(c + inputs), weights, y7);
            y8 = Add(Factor(c + 2L * inputs), weights, y8);
            y9 = Add(Factor(c + 3L * inputs), weights, y9);
            y10 = Add(Factor(c + 4L * inputs), weights, y10);
            y11 = Add(Factor(c + 5L * inputs), weights, y11);
        }

        Store(to, outputs, adds, y0, y1, y2, y3, y4, y5);
        Store(to + 6L * outputs, outputs, adds, y6, y7, y8, y9, y10, y11);
    }

    /// <summary>Two vectors of results at a time: each number of a row is loaded once for both.</summary>
    private static void TwelveByTwo(T* a, int inputs, T* b, int outputs, T* to, bool adds)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector512<T> y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        Vector512<T> z0 = default, z1 = default, z2 = default, z3 = default, z4 = default, z5 = default;
        Vector512<T> z6 = default, z7 = default, z8 = default, z9 = default, z10 = default, z11 = default;
        int step = Vector512<T>.Count;
        T* c = a + 6L * inputs;
        for (int i = 0; i < inputs; i++, a++, c++, b += outputs)
        {
            Vector512<T> left = Vector512.Load(b), right = Vector512.Load(b + step);
            Vector512<T> x = Factor(a);
            (y0, z0) = (Add(x, left, y0), Add(x, right, z0));
            x = Factor(a + inputs);
            (y1, z1) = (Add(x, left, y1), Add(x, right, z1));
            x = Factor(a + 2L * inputs);
            (y2, z2) = (Add(x, left, y2), Add(x, right, z2));
            x = Factor(a + 3L * inputs);
            (y3, z3) = (Add(x, left, y3), Add(x, right, z3));
            x = Factor(a + 4L * inputs);
            (y4, z4) = (Add(x, left, y4), Add(x, right, z4));
            x = Factor(a + 5L * inputs);
            (y5, z5) = (Add(x, left, y5), Add(x, right, z5));
            x = Factor(c);
            (y6, z6) = (Add(x, left, y6), Add(x, right, z6));
            x = Factor(c + inputs);
            (y7, z7) = (Add(x, left, y7), Add(x, right, z7));
            x = Factor(c + 2L * inputs);
            (y8, z8) = (Add(x, left, y8), Add(x, right, z8));
            x = Factor(c + 3L * inputs);
            (y9, z9) = (Add(x, left, y9), Add(x, right, z9));
            x = Factor(c + 4L * inputs);
            (y10, z10) = (Add(x, left, y10), Add(x, right, z10));
            x = Factor(c + 5L * inputs);
            (y11, z11) = (Add(x, left, y11), Add(x, right, z11));
        }

        Store(to, outputs, adds, y0, y1, y2, y3, y4, y5);
        Store(to + step, outputs, adds, z0, z1, z2, z3, z4, z5);
        Store(to + 6L * outputs, outputs, adds, y6, y7, y8, y9, y10, y11);
        Store(to + 6L * outputs + step, outputs, adds, z6, z7, z8, z9, z10, z11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, int outputs, bool adds, Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e, Vector512<T> f)
    {
        if (adds)
        {
            a += Vector512.Load(to);
            b += Vector512.Load(to + outputs);
            c += Vector512.Load(to + 2L * outputs);
            d += Vector512.Load(to + 3L * outputs);
            e += Vector512.Load(to + 4L * outputs);
            f += Vector512.Load(to + 5L * outputs);
        }

        a.Store(to);
        b.Store(to + outputs);
        c.Store(to + 2L * outputs);
        d.Store(to + 3L * outputs);
        e.Store(to + 4L * outputs);
        f.Store(to + 5L * outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Factor(T* factor) =>
        typeof(T) == typeof(float) ? Vector512.Create(*(float*)factor).As<float, T>() : Vector512.Create(*(double*)factor).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Add(Vector512<T> factor, Vector512<T> weights, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(factor.AsSingle(), weights.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(factor.AsDouble(), weights.AsDouble(), sum.AsDouble()).As<double, T>();
}
