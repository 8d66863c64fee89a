using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hypir.Networks.Fast;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Functions of vectors against the library's, computed in float64.</summary>
[TestClass]
public sealed unsafe class VectorFunctionsTests : TensorTest
{
    [TestMethod]
    public void Gelu_in_either_type()
    {
        // Of the largest possible error a product with x and a rounding or two are left.
        AssertGelu<float>(4e-7);
        AssertGelu<double>(1e-13);
    }

    [TestMethod]
    public void Powers_of_two_and_of_e_to_two_units_of_the_last_place()
    {
        const double twoUnits = 2.4e-7;
        for (float x = -86; x < 86; x += 0.37f)
        {
            Assert.AreEqual(1, PowerOfTwo.Of(Vector512.Create(x))[3] / Math.Pow(2, x), twoUnits, $"2^{x}");
            Assert.AreEqual(1, Exponential.Of(Vector512.Create(x))[3] / Math.Exp(x), twoUnits, $"e^{x}");
            Assert.AreEqual(1, PowerOfTwo.Of(Vector512.Create((double)x))[3] / Math.Pow(2, x), 1e-13, $"2^{x}");
        }

        Assert.AreEqual(0, PowerOfTwo.Of(Vector512.Create(float.NegativeInfinity))[0], 1e-37, "What a first score is scaled by.");
    }

    /// <summary>The form for processors without AVX-512 runs everywhere, the other one where the processor has it.</summary>
    [TestMethod]
    public void Powers_of_two_in_either_form()
    {
        const double twoUnits = 2.4e-7;
        for (float x = -125.9f; x < 127; x += 0.13f)
        {
            var each = Vector512.Create(x) + Vector512<float>.Indices * 0.004f;
            for (int lane = 0; lane < Vector512<float>.Count; lane++)
            {
                Assert.AreEqual(1, PowerOfTwo.Shifted(each)[lane] / Math.Pow(2, each[lane]), twoUnits, $"2^{each[lane]}, shifted");
                if (Avx512DQ.IsSupported)
                    Assert.AreEqual(1, PowerOfTwo.Scaled(each)[lane] / Math.Pow(2, each[lane]), twoUnits, $"2^{each[lane]}, scaled");
            }
        }

        Assert.AreEqual(0, PowerOfTwo.Shifted(Vector512.Create(float.NegativeInfinity))[15], 1e-37);
    }

    [TestMethod]
    public void Quotients_in_either_form()
    {
        const double twoUnits = 2.4e-7;
        for (float y = 1; y < 1e9f; y *= 1.07f)
        {
            Vector512<float> x = Vector512.Create(-8f) + Vector512<float>.Indices * 1.1f,
                divisors = Vector512.Create(y) * (Vector512<float>.One + Vector512<float>.Indices * 0.01f);
            for (int lane = 0; lane < Vector512<float>.Count; lane++)
            {
                double exact = (double)x[lane] / divisors[lane];
                Assert.AreEqual(1, Quotient.Of(x, divisors)[lane] / exact, twoUnits, $"{x[lane]} / {divisors[lane]}");
                if (Avx512F.IsSupported)
                    Assert.AreEqual(
                        1, Quotient.ByReciprocal(x, divisors)[lane] / exact, twoUnits, $"{x[lane]} / {divisors[lane]}, by the reciprocal");
            }

            Assert.AreEqual((double)y / 3, Quotient.Of(Vector512.Create((double)y), Vector512.Create(3.0))[7], 1e-15 * y);
        }
    }

    [TestMethod]
    public void Silu_in_either_type()
    {
        for (float x = -80; x < 90; x += 0.17f)
        {
            double exact = x / (1 + Math.Exp(-(double)x));
            Vector512<float> narrow = Silu.Of(Vector512.Create(x));
            Vector512<double> wide = Silu.Of(Vector512.Create((double)x));
            for (int lane = 0; lane < Vector512<float>.Count; lane++)
                Assert.AreEqual(exact, narrow[lane], 6e-7 * Math.Abs(exact), $"silu({x}), lane {lane}");
            for (int lane = 0; lane < Vector512<double>.Count; lane++)
                Assert.AreEqual(exact, wide[lane], 1e-13 * Math.Abs(exact), $"silu({x}), lane {lane}");
        }

        foreach ((float x, float expected) in new[] { (0, 0), (-1e4f, 0), (1e4f, 1e4f), (float.PositiveInfinity, float.PositiveInfinity) })
            Assert.AreEqual(expected, Silu.Of(Vector512.Create(x))[9], 1e-30, $"silu({x})");
        Assert.IsTrue(float.IsNaN(Silu.Of(Vector512.Create(float.NaN))[9]));
    }

    [TestMethod]
    public void Sums_of_products_are_rounded_once()
    {
        // (1 + e)(1 - e) - 1 is -e²; rounded twice it is 0.
        const float narrow = 1f / 4096;
        const double wide = 1.0 / (1L << 27);
        CollectionAssert.AreEqual(new[] { -narrow * narrow, -narrow * narrow }, new[]
        {
            Fused.MultiplyAdd(Vector512.Create(1 + narrow), Vector512.Create(1 - narrow), Vector512.Create(-1f))[15],
            Fused.MultiplyAdd(Vector256.Create(1 + narrow), Vector256.Create(1 - narrow), Vector256.Create(-1f))[7],
        });
        CollectionAssert.AreEqual(new[] { -wide * wide, -wide * wide }, new[]
        {
            Fused.MultiplyAdd(Vector512.Create(1 + wide), Vector512.Create(1 - wide), Vector512.Create(-1.0))[7],
            Fused.MultiplyAdd(Vector256.Create(1 + wide), Vector256.Create(1 - wide), Vector256.Create(-1.0))[3],
        });
    }

    [TestMethod]
    public void Squares_are_turned_round()
    {
        AssertTurned<float>();
        AssertTurned<double>();
    }

    [TestMethod]
    public void One_square_is_turned_round_in_either_form()
    {
        const int lanes = 16, pitch = 21;
        float[] matrix = [.. Enumerable.Range(0, lanes * pitch).Select(i => (float)i)];
        float[] oneByOne = new float[lanes * lanes], square = new float[lanes * lanes];
        fixed (float* from = matrix, first = oneByOne, second = square)
        {
            Transposition<float>.OneByOne(from, pitch, first);
            if (Avx512F.IsSupported)
                Transposition<float>.Square(from, pitch, second);
        }

        for (int row = 0; row < lanes; row++)
            for (int column = 0; column < lanes; column++)
                Assert.AreEqual(matrix[row * pitch + column], oneByOne[column * lanes + row], $"{row}, {column}");
        if (Avx512F.IsSupported)
            CollectionAssert.AreEqual(oneByOne, square);
    }

    private static void AssertGelu<T>(double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] points = [.. Enumerable.Range(-800, 1600).Select(i => i / 50.0), .. new double[Vector512<T>.Count]];
        int count = points.Length / Vector512<T>.Count * Vector512<T>.Count;
        T[] gates = Array.ConvertAll(points, T.CreateChecked), values = [.. gates.Select(_ => T.CreateChecked(2))];
        fixed (T* gate = gates, value = values)
            Gelu<T>.Gate(value, gate, value, count);
        using var scope = NewDisposeScope();
        double[] expected = [.. nn.functional.gelu(tensor(points)).data<double>()];
        for (int i = 0; i < count; i++)
            Assert.AreEqual(
                2 * expected[i], double.CreateChecked(values[i]), tolerance * Math.Abs(points[i]) + 1e-30, $"gelu({points[i]})");
    }

    private static void AssertTurned<T>()
        where T : unmanaged, INumber<T>
    {
        int lanes = Vector512<T>.Count, columns = 3 * lanes, pitch = columns + 5;
        T[] matrix = [.. Enumerable.Range(0, lanes * pitch).Select(T.CreateChecked)], turned = new T[columns * lanes];
        fixed (T* from = matrix, to = turned)
            Transposition<T>.Run(from, pitch, columns, to);
        for (int row = 0; row < lanes; row++)
            for (int column = 0; column < columns; column++)
                Assert.AreEqual(matrix[row * pitch + column], turned[column * lanes + row], $"{row}, {column}");
    }
}
