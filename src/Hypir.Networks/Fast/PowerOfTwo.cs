using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Fast;

/// <summary>2^x of vectors.</summary>
internal static class PowerOfTwo
{
    /// <summary>Below it the result would leave the range of normal numbers in float32.</summary>
    private const float Least = -126;

    /// <summary>
    /// The function, in float32 or float64. In float32 within two units of the last place, for x below 128, by half as many operations as <see cref="Exponential"/>; the polynomial is the
    /// Chebyshev expansion of 2^x from 0 to 1, relative error 3e-9.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float))
            return Vector512.Exp(x.AsDouble() * Vector512.Create(Math.Log(2))).As<double, T>();
        return (Avx512DQ.IsSupported ? Scaled(x.AsSingle()) : Shifted(x.AsSingle())).As<float, T>();
    }

    /// <summary>By instructions that take whole powers apart and put them together again, down to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Scaled(Vector512<float> x)
    {
        const byte toFloor = 1;
        return Avx512F.Scale(Fraction(Avx512DQ.Reduce(x, toFloor)), x);
    }

    /// <summary>By the bits of the exponent, down to 2^-126.</summary>
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
