using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>x / (1 + e^-x) of vectors.</summary>
internal static class Silu
{
    /// <summary>The function, in float32 or float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<float> v = x.AsSingle();
            return (v / (Vector512<float>.One + Vector512.Exp(-v))).As<float, T>();
        }

        Vector512<double> w = x.AsDouble();
        return (w / (Vector512<double>.One + Vector512.Exp(-w))).As<double, T>();
    }
}
