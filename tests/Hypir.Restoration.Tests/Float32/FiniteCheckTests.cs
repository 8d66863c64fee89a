using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>One number that is not finite is found wherever it is: in a vector, in the tail, at either side of a piece's border.</summary>
[TestClass]
public sealed class FiniteCheckTests : TensorTest
{
    /// <summary>Numbers that one thread looks at without a break.</summary>
    private const int Piece = 1 << 16;

    [TestMethod]
    [DataRow(ScalarType.Float32, 1)]
    [DataRow(ScalarType.Float32, 15)]
    [DataRow(ScalarType.Float32, 16)]
    [DataRow(ScalarType.Float32, 45)]
    [DataRow(ScalarType.Float32, Piece)]
    [DataRow(ScalarType.Float32, 2 * Piece + 37)]
    [DataRow(ScalarType.Float64, 7)]
    [DataRow(ScalarType.Float64, 8)]
    [DataRow(ScalarType.Float64, 21)]
    [DataRow(ScalarType.Float64, Piece + 9)]
    public void Each_number_counts(ScalarType type, int count)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([count], type);
        Assert.IsTrue(FiniteCheck.AllFinite(x));
        int some = Math.Min(count, 50);
        int[] places =
            [.. Enumerable.Range(0, some), .. Enumerable.Range(count - some, some), Piece - 1, Piece, 2 * Piece - 1, 2 * Piece];
        foreach (int place in places.Where(place => place < count).Distinct())
            foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            {
                using Tensor one = x.narrow(0, place, 1), kept = one.clone(), changed = tensor(new[] { value }).to(type);
                one.copy_(changed);
                Assert.IsFalse(FiniteCheck.AllFinite(x), $"{value} at {place} of {count}");
                one.copy_(kept);
            }

        Assert.IsTrue(FiniteCheck.AllFinite(x));
    }

    /// <summary>Sums of such numbers are not finite, and the numbers are.</summary>
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void The_largest_and_the_smallest_numbers_are_finite(ScalarType type)
    {
        using var scope = NewDisposeScope();
        double most = type == float32 ? float.MaxValue : double.MaxValue, least = type == float32 ? float.Epsilon : double.Epsilon;
        Assert.IsTrue(FiniteCheck.AllFinite(tensor(new[] { most, most, -most, least, -least, 0, -0.0 }).repeat(9).to(type)));
    }

    [TestMethod]
    public void Views_and_other_types_are_looked_at_too()
    {
        using var scope = NewDisposeScope();
        Tensor x = zeros(9, 40);
        x[4, 20] = float.NaN;
        Assert.IsFalse(FiniteCheck.AllFinite(x.transpose(0, 1)));
        Assert.IsFalse(FiniteCheck.AllFinite(x.narrow(1, 20, 3)));
        Assert.IsTrue(FiniteCheck.AllFinite(x.narrow(1, 21, 3)));
        Assert.IsFalse(FiniteCheck.AllFinite(x.to(bfloat16)));
        Assert.IsTrue(FiniteCheck.AllFinite(zeros(0)));
    }
}
