using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Fast;

/// <summary>2^x of vectors.</summary>
internal static class PowerOfTwo
{
    /// <summary>Below this the result would leave the float32 range of normal numbers.</summary>
    private const float Least = -126;

    /// <summary>
    /// The function, in float32 or float64. The float32 version is accurate to two units in the last place for x below 128, with half as
    /// many operations as <see cref="Exponential"/>; the polynomial is the Chebyshev expansion of 2^x on 0 to 1, with a relative error of
    /// 3e-9.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float))
            return Vector512.Exp(x.AsDouble() * Vector512.Create(Math.Log(2))).As<double, T>();
        return (Avx512DQ.IsSupported ? Scaled(x.AsSingle()) : Shifted(x.AsSingle())).As<float, T>();
    }

    /// <summary>Uses AVX-512 instructions for extracting and applying powers of two; reaches down to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Scaled(Vector512<float> x)
    {
        const byte toFloor = 1;
        return Avx512F.Scale(Fraction(Avx512DQ.Reduce(x, toFloor)), x);
    }

    /// <summary>Sets the exponent bits; reaches down to 2^-126.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Shifted(Vector512<float> x)
    {
        x = Vector512.MaxNative(x, Vector512.Create(Least));
        Vector512<float> whole = Vector512.Floor(x);
        return Fraction(x - whole) * ((Vector512.ConvertToInt32Native(whole) + Vector512.Create(127)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fraction(Vector512<float> x)
    {
        var y = Vector512.Create(2.187750477e-4f);
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(1.238782148e-3f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(9.684580452e-3f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(5.548042633e-2f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(0.240230502f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(0.6931469287f));
        return Vector512.FusedMultiplyAdd(y, x, Vector512<float>.One);
    }
}

/// <summary>e^x of vectors.</summary>
internal static class Exponential
{
    /// <summary>Beyond this the result would leave the float32 range of normal numbers.</summary>
    private const float Far = 87;

    private const float Log2OfE = 1.44269504f;

    /// <summary>ln 2 in two parts: integer multiples of the first are exact.</summary>
    private const float Ln2 = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    /// <summary>The function, in float32 or float64; float32 is clamped to |x| up to 87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged => typeof(T) == typeof(float) ? Of(x.AsSingle()).As<float, T>() : Vector512.Exp(x.AsDouble()).As<double, T>();

    /// <summary>
    /// The float32 version, accurate to two units in the last place: 2^n times a polynomial of the remainder (Cephes' <c>expf</c>). The
    /// runtime's own computes in float64 and takes four times as long.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-Far)), Vector512.Create(Far));
        Vector512<float> n = Vector512.Round(x * Vector512.Create(Log2OfE));
        Vector512<float> rest = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        rest = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), rest);
        Vector512<float> y = Vector512.Create(1.9875691500e-4f);
        y = Vector512.FusedMultiplyAdd(y, rest, Vector512.Create(1.3981999507e-3f));
        y = Vector512.FusedMultiplyAdd(y, rest, Vector512.Create(8.3334519073e-3f));
        y = Vector512.FusedMultiplyAdd(y, rest, Vector512.Create(4.1665795894e-2f));
        y = Vector512.FusedMultiplyAdd(y, rest, Vector512.Create(1.6666665459e-1f));
        y = Vector512.FusedMultiplyAdd(y, rest, Vector512.Create(5.0000001201e-1f));
        y = Vector512.FusedMultiplyAdd(y, rest * rest, rest + Vector512<float>.One);
        Vector512<int> power = (Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23;
        return y * power.AsSingle();
    }
}

/// <summary>x / y of vectors.</summary>
internal static class Quotient
{
    /// <summary>The quotient, in float32 or float64.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="y">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
        where T : unmanaged =>
        typeof(T) == typeof(float) && Avx512F.IsSupported ? ByReciprocal(x.AsSingle(), y.AsSingle()).As<float, T>() : x / y;

    /// <summary>
    /// Uses AVX-512's 14-bit reciprocal and one Newton step: accurate to two units in the last place, in half the time of a division.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ByReciprocal(Vector512<float> x, Vector512<float> y)
    {
        Vector512<float> near = Avx512F.Reciprocal14(y);
        return x * Vector512.FusedMultiplyAdd(near, Vector512.FusedMultiplyAdd(-near, y, Vector512<float>.One), near);
    }
}
