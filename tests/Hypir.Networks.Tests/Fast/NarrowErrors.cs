using System.Globalization;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>What computing in 16 bits costs.</summary>
internal static class NarrowErrors
{
    /// <summary>
    /// Fails where the rewritten network errs more than twice as much as the plain one, in the mean of squares over all values.
    /// </summary>
    public static void Compare(Tensor exact, Tensor plain, Tensor fast, string what)
    {
        double allowed = Error(exact, plain),
            error = Error(exact, fast);
        string words = string.Create(
            CultureInfo.InvariantCulture, $"{what}, {plain.dtype}: plain {allowed:g3}, rewritten {error:g3}, ratio {error / allowed:0.00}");
        Console.WriteLine(words);
        Assert.AreEqual(plain.dtype, fast.dtype, what);
        Assert.IsGreaterThan(0, allowed, "Nothing was narrow.");
        Assert.IsLessThanOrEqualTo(2 * allowed, error, words);
    }

    private static double Error(Tensor exact, Tensor actual) =>
        ((actual.to(ScalarType.Float64) - exact).norm() / exact.norm()).item<double>();
}
