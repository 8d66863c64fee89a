using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>e^x of vectors.</summary>
internal static class Exponential
{
    /// <summary>Beyond it the result would leave the range of normal numbers in float32.</summary>
    private const float Far = 87;

    private const float Log2OfE = 1.44269504f;

    /// <summary>ln 2 in two parts: multiples of the first are exact.</summary>
    private const float Ln2 = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    /// <summary>The function, in float32 or float64; in float32 for |x| up to 87, and the value there beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged => typeof(T) == typeof(float) ? Of(x.AsSingle()).As<float, T>() : Vector512.Exp(x.AsDouble()).As<double, T>();

    /// <summary>
    /// In float32, within two units of the last place: 2^n times a polynomial of what is left (Cephes' <c>expf</c>). The runtime's own computes in float64, at four times the time.
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
