using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Fast;

/// <summary>x / y of vectors.</summary>
internal static class Quotient
{
    /// <summary>The quotient, in float32 or float64.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="y">From 1 on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
        where T : unmanaged =>
        typeof(T) == typeof(float) && Avx512F.IsSupported ? ByReciprocal(x.AsSingle(), y.AsSingle()).As<float, T>() : x / y;

    /// <summary>By AVX-512's reciprocal of 14 bits and one step of Newton's method: within two units of the last place, in half the time of a division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ByReciprocal(Vector512<float> x, Vector512<float> y)
    {
        Vector512<float> near = Avx512F.Reciprocal14(y);
        return x * Vector512.FusedMultiplyAdd(near, Vector512.FusedMultiplyAdd(-near, y, Vector512<float>.One), near);
    }
}
