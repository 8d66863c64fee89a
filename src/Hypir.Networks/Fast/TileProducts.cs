using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Products of a few rows of numbers with a small matrix, all of which fit in a processor's private cache.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class TileProducts<T>
    where T : unmanaged
{
    /// <summary>Rows computed at a time: their sums stay in registers.</summary>
    public const int RowBlock = 12;

    /// <summary>
    /// Rows computed at a time, with one vector in two halves, on processors with half as many registers of half the length.
    /// </summary>
    private const int Half = 6;

    /// <summary>Rows computed at a time for the remainder.</summary>
    private const int Few = 4;

    /// <summary>results = rows · matrix, or results + rows · matrix.</summary>
    /// <param name="rows">(count, inputs).</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="inputs">Numbers per row.</param>
    /// <param name="matrix">(inputs, outputs).</param>
    /// <param name="outputs">A multiple of the vector length.</param>
    /// <param name="results">(count, outputs), written.</param>
    /// <param name="adds">Whether to add to the existing results.</param>
    public static void Multiply(T* rows, int count, int inputs, T* matrix, int outputs, T* results, bool adds = false) =>
        Multiply(rows, inputs, 1, count, inputs, matrix, outputs, results, outputs, adds);

    /// <summary>The same for rows and results with strides.</summary>
    /// <param name="rows">The first row's first number.</param>
    /// <param name="rowStep">Elements from one row to the next.</param>
    /// <param name="inputStep">Elements from one number of a row to the next.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="inputs">Numbers per row.</param>
    /// <param name="matrix">(inputs, outputs).</param>
    /// <param name="outputs">A multiple of the vector length.</param>
    /// <param name="results">The first row's result, written.</param>
    /// <param name="resultStep">Elements from one row's result to the next.</param>
    /// <param name="adds">Whether to add to the existing results.</param>
    public static void Multiply(
        T* rows, long rowStep, long inputStep, int count, int inputs, T* matrix, int outputs, T* results, long resultStep, bool adds)
    {
        int step = Vector512<T>.Count, row = 0;
        for (; !Vector512.IsHardwareAccelerated && row + Half <= count; row += Half)
            for (int k = 0; k < outputs; k += step)
                Six(
                    rows + row * rowStep, rowStep, inputStep, inputs, matrix + k, outputs, results + row * resultStep + k, resultStep,
                    adds);
        for (; row + RowBlock <= count; row += RowBlock)
        {
            T* from = rows + row * rowStep, to = results + row * resultStep;
            int k = 0;
            for (; k + 2 * step <= outputs; k += 2 * step)
                TwelveByTwo(from, rowStep, inputStep, inputs, matrix + k, outputs, to + k, resultStep, adds);
            if (k < outputs)
                Twelve(from, rowStep, inputStep, inputs, matrix + k, outputs, to + k, resultStep, adds);
        }

        for (; outputs % (2 * step) == 0 && row + Few <= count; row += Few)
            for (int k = 0; k < outputs; k += 2 * step)
                FourByTwo(
                    rows + row * rowStep, rowStep, inputStep, inputs, matrix + k, outputs, results + row * resultStep + k, resultStep,
                    adds);
        for (; row < count; row++)
            for (int k = 0; k < outputs; k += step)
                One(rows + row * rowStep, inputStep, inputs, matrix + k, outputs, results + row * resultStep + k, adds);
    }

    /// <summary>One row, one vector of results.</summary>
    internal static void One(T* a, long inputStep, int inputs, T* b, int outputs, T* to, bool adds)
    {
        Vector512<T> y = adds ? Vector512.Load(to) : default;
        for (int i = 0; i < inputs; i++, a += inputStep, b += outputs)
            y = Fused.MultiplyAdd(Factor(a), Vector512.Load(b), y);
        y.Store(to);
    }

    /// <summary>Six rows, one vector of results in two halves: for processors with 16 registers of 256 bits.</summary>
    internal static void Six(T* a, long rowStep, long inputStep, int inputs, T* b, int outputs, T* to, long resultStep, bool adds)
    {
        Vector256<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector256<T> z0 = default, z1 = default, z2 = default, z3 = default, z4 = default, z5 = default;
        int half = Vector256<T>.Count;
        T* c = a + 3 * rowStep;
        for (int i = 0; i < inputs; i++, a += inputStep, c += inputStep, b += outputs)
        {
            Vector256<T> left = Vector256.Load(b), right = Vector256.Load(b + half), x = Vector256.Create(*a);
            (y0, z0) = (Fused.MultiplyAdd(x, left, y0), Fused.MultiplyAdd(x, right, z0));
            x = Vector256.Create(a[rowStep]);
            (y1, z1) = (Fused.MultiplyAdd(x, left, y1), Fused.MultiplyAdd(x, right, z1));
            x = Vector256.Create(a[2 * rowStep]);
            (y2, z2) = (Fused.MultiplyAdd(x, left, y2), Fused.MultiplyAdd(x, right, z2));
            x = Vector256.Create(*c);
            (y3, z3) = (Fused.MultiplyAdd(x, left, y3), Fused.MultiplyAdd(x, right, z3));
            x = Vector256.Create(c[rowStep]);
            (y4, z4) = (Fused.MultiplyAdd(x, left, y4), Fused.MultiplyAdd(x, right, z4));
            x = Vector256.Create(c[2 * rowStep]);
            (y5, z5) = (Fused.MultiplyAdd(x, left, y5), Fused.MultiplyAdd(x, right, z5));
        }

        Store(
            to, resultStep, adds, Vector512.Create(y0, z0), Vector512.Create(y1, z1), Vector512.Create(y2, z2), Vector512.Create(y3, z3),
            Vector512.Create(y4, z4), Vector512.Create(y5, z5));
    }

    /// <summary>Four rows, two vectors of results.</summary>
    internal static void FourByTwo(T* a, long rowStep, long inputStep, int inputs, T* b, int outputs, T* to, long resultStep, bool adds)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, z0 = default, z1 = default, z2 = default, z3 = default;
        int step = Vector512<T>.Count;
        T* c = a + 2 * rowStep;
        for (int i = 0; i < inputs; i++, a += inputStep, c += inputStep, b += outputs)
        {
            Vector512<T> left = Vector512.Load(b), right = Vector512.Load(b + step);
            Vector512<T> x = Factor(a);
            (y0, z0) = (Fused.MultiplyAdd(x, left, y0), Fused.MultiplyAdd(x, right, z0));
            x = Factor(a + rowStep);
            (y1, z1) = (Fused.MultiplyAdd(x, left, y1), Fused.MultiplyAdd(x, right, z1));
            x = Factor(c);
            (y2, z2) = (Fused.MultiplyAdd(x, left, y2), Fused.MultiplyAdd(x, right, z2));
            x = Factor(c + rowStep);
            (y3, z3) = (Fused.MultiplyAdd(x, left, y3), Fused.MultiplyAdd(x, right, z3));
        }

        Store(to, resultStep, adds, y0, y1);
        Store(to + step, resultStep, adds, z0, z1);
        Store(to + 2 * resultStep, resultStep, adds, y2, y3);
        Store(to + 2 * resultStep + step, resultStep, adds, z2, z3);
    }

    /// <summary>Twelve rows, one vector of results.</summary>
    internal static void Twelve(T* a, long rowStep, long inputStep, int inputs, T* b, int outputs, T* to, long resultStep, bool adds)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector512<T> y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        T* c = a + 6 * rowStep;
        for (int i = 0; i < inputs; i++, a += inputStep, c += inputStep, b += outputs)
        {
            Vector512<T> weights = Vector512.Load(b);
            y0 = Fused.MultiplyAdd(Factor(a), weights, y0);
            y1 = Fused.MultiplyAdd(Factor(a + rowStep), weights, y1);
            y2 = Fused.MultiplyAdd(Factor(a + 2 * rowStep), weights, y2);
            y3 = Fused.MultiplyAdd(Factor(a + 3 * rowStep), weights, y3);
            y4 = Fused.MultiplyAdd(Factor(a + 4 * rowStep), weights, y4);
            y5 = Fused.MultiplyAdd(Factor(a + 5 * rowStep), weights, y5);
            y6 = Fused.MultiplyAdd(Factor(c), weights, y6);
            y7 = Fused.MultiplyAdd(Factor(c + rowStep), weights, y7);
            y8 = Fused.MultiplyAdd(Factor(c + 2 * rowStep), weights, y8);
            y9 = Fused.MultiplyAdd(Factor(c + 3 * rowStep), weights, y9);
            y10 = Fused.MultiplyAdd(Factor(c + 4 * rowStep), weights, y10);
            y11 = Fused.MultiplyAdd(Factor(c + 5 * rowStep), weights, y11);
        }

        Store(to, resultStep, adds, y0, y1, y2, y3, y4, y5);
        Store(to + 6 * resultStep, resultStep, adds, y6, y7, y8, y9, y10, y11);
    }

    /// <summary>Twelve rows, two vectors of results: each number of a row is loaded once for both.</summary>
    internal static void TwelveByTwo(T* a, long rowStep, long inputStep, int inputs, T* b, int outputs, T* to, long resultStep, bool adds)
    {
        Vector512<T> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        Vector512<T> y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        Vector512<T> z0 = default, z1 = default, z2 = default, z3 = default, z4 = default, z5 = default;
        Vector512<T> z6 = default, z7 = default, z8 = default, z9 = default, z10 = default, z11 = default;
        int step = Vector512<T>.Count;
        T* c = a + 6 * rowStep;
        for (int i = 0; i < inputs; i++, a += inputStep, c += inputStep, b += outputs)
        {
            Vector512<T> left = Vector512.Load(b), right = Vector512.Load(b + step);
            Vector512<T> x = Factor(a);
            (y0, z0) = (Fused.MultiplyAdd(x, left, y0), Fused.MultiplyAdd(x, right, z0));
            x = Factor(a + rowStep);
            (y1, z1) = (Fused.MultiplyAdd(x, left, y1), Fused.MultiplyAdd(x, right, z1));
            x = Factor(a + 2 * rowStep);
            (y2, z2) = (Fused.MultiplyAdd(x, left, y2), Fused.MultiplyAdd(x, right, z2));
            x = Factor(a + 3 * rowStep);
            (y3, z3) = (Fused.MultiplyAdd(x, left, y3), Fused.MultiplyAdd(x, right, z3));
            x = Factor(a + 4 * rowStep);
            (y4, z4) = (Fused.MultiplyAdd(x, left, y4), Fused.MultiplyAdd(x, right, z4));
            x = Factor(a + 5 * rowStep);
            (y5, z5) = (Fused.MultiplyAdd(x, left, y5), Fused.MultiplyAdd(x, right, z5));
            x = Factor(c);
            (y6, z6) = (Fused.MultiplyAdd(x, left, y6), Fused.MultiplyAdd(x, right, z6));
            x = Factor(c + rowStep);
            (y7, z7) = (Fused.MultiplyAdd(x, left, y7), Fused.MultiplyAdd(x, right, z7));
            x = Factor(c + 2 * rowStep);
            (y8, z8) = (Fused.MultiplyAdd(x, left, y8), Fused.MultiplyAdd(x, right, z8));
            x = Factor(c + 3 * rowStep);
            (y9, z9) = (Fused.MultiplyAdd(x, left, y9), Fused.MultiplyAdd(x, right, z9));
            x = Factor(c + 4 * rowStep);
            (y10, z10) = (Fused.MultiplyAdd(x, left, y10), Fused.MultiplyAdd(x, right, z10));
            x = Factor(c + 5 * rowStep);
            (y11, z11) = (Fused.MultiplyAdd(x, left, y11), Fused.MultiplyAdd(x, right, z11));
        }

        Store(to, resultStep, adds, y0, y1, y2, y3, y4, y5);
        Store(to + step, resultStep, adds, z0, z1, z2, z3, z4, z5);
        Store(to + 6 * resultStep, resultStep, adds, y6, y7, y8, y9, y10, y11);
        Store(to + 6 * resultStep + step, resultStep, adds, z6, z7, z8, z9, z10, z11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        T* to, long step, bool adds, Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e, Vector512<T> f)
    {
        Store(to, step, adds, a, b);
        Store(to + 2 * step, step, adds, c, d);
        Store(to + 4 * step, step, adds, e, f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, long step, bool adds, Vector512<T> a, Vector512<T> b)
    {
        (adds ? a + Vector512.Load(to) : a).Store(to);
        (adds ? b + Vector512.Load(to + step) : b).Store(to + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Factor(T* factor) =>
        typeof(T) == typeof(float) ? Vector512.Create(*(float*)factor).As<float, T>() : Vector512.Create(*(double*)factor).As<double, T>();
}
