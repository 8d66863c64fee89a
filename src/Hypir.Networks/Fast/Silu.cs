using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>x / (1 + e^-x) of vectors.</summary>
internal static class Silu
{
    /// <summary>The function, in float32 or float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged => Quotient.Of(x, Vector512<T>.One + Exponential.Of(-x));
}
