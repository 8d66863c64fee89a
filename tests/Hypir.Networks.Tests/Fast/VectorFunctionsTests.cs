using System.Numerics;
using System.Runtime.Intrinsics;
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

    [TestMethod]
    public void Squares_are_turned_round()
    {
        AssertTurned<float>();
        AssertTurned<double>();
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
            Assert.AreEqual(2 * expected[i], double.CreateChecked(values[i]), tolerance * Math.Abs(points[i]) + 1e-30, $"gelu({points[i]})");
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
