using System.Numerics;
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

/// <summary>
/// x Φ(x) of vectors. The normal distribution's Φ is computed from erfc(z) = e^(-z²) (1 - t) Q(t), where t = (z - 2.5) / (z + 2.5) maps z
/// from 0 to infinity (the method of Schonfelder, "Chebyshev expansions for the error and related functions", 1978, with another factor). Q
/// is the expansion of degree 20, with a relative error of 1e-14.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class Gelu<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Shift = 2.5;

    /// <summary>Coefficients of Q, highest power first.</summary>
    private static readonly T[] _coefficients = Array.ConvertAll(
        [
            -2.1712175204970088e-9, -8.1643024067973416e-9, 1.0609046712704553e-8, 7.59145529019599e-8, 1.9690260378970768e-8,
            -3.7486814532901093e-7, -4.8288649052440819e-7, 1.3370167429293225e-6, 3.6573140770058724e-6, -3.8996265789060107e-6,
            -2.2523778602390052e-5, 1.1659462026599489e-5, 1.4053933283247079e-4, -8.7841265417899872e-5, -9.6375717672038465e-4,
            1.678608821132354e-3, 5.672310030945372e-3, -3.4250229047381044e-2, 9.0782823329507064e-2, -0.16093036988785476,
            0.21080636406114404,
        ],
        T.CreateChecked
    );

    /// <summary>results = values · gelu(gates).</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="gates">As many numbers.</param>
    /// <param name="results">Receives the results; may be one of the inputs.</param>
    /// <param name="count">The number of elements, a multiple of the vector length.</param>
    public static void Gate(T* values, T* gates, T* results, int count)
    {
        fixed (T* coefficients = _coefficients)
        {
            for (int i = 0; i < count; i += Vector512<T>.Count)
            {
                Vector512<T> gate = Vector512.Load(gates + i);
                (Vector512.Load(values + i) * gate * Normal(gate, coefficients)).Store(results + i);
            }
        }
    }

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Normal(Vector512<T> x, T* coefficients)
    {
        Vector512<T> shift = Constant(Shift),
            z = Vector512.Abs(x) * Constant(Math.Sqrt(0.5)),
            inverse = Quotient.Of(Vector512<T>.One, z + shift);
        Vector512<T> t = (z - shift) * inverse,
            y = Vector512.Create(*coefficients);
        for (int i = 1; i < _coefficients.Length; i++)
            y = Fused.MultiplyAdd(y, t, Vector512.Create(coefficients[i]));
        // 1 - t = 2 · 2.5 / (z + 2.5), and Φ(-|x|) is half of erfc.
        Vector512<T> beyond = y * inverse * shift * Exponential.Of(-(z * z));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), beyond, Vector512<T>.One - beyond);
    }

    private static Vector512<T> Constant(double value) => Vector512.Create(T.CreateChecked(value));
}

/// <summary>x · y + z of vectors, rounded once.</summary>
internal static class Fused
{
    /// <summary>The sum, in float32 or float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    /// <inheritdoc cref="MultiplyAdd{T}(Vector512{T}, Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd<T>(Vector256<T> x, Vector256<T> y, Vector256<T> z)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
}
