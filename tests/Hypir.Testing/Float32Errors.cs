using System.Globalization;
using static TorchSharp.torch;

namespace Hypir.Testing;

/// <summary>
/// What the product's own float32 computations may err: twice what a plain float32 computation does on the same numbers, and a little more.
/// Twice, because they may add in another order, and each order has its own rounding errors of the same size.
/// </summary>
public static class Float32Errors
{
    /// <summary>
    /// The little more, relative to the largest value: a transformed convolution errs about ten times as much as a direct one. Simple loops
    /// need less; it is still far below what a wrong weight costs them, and covers small inputs on which the plain computation errs by
    /// chance not at all.
    /// </summary>
    public const double Room = 1e-5;

    /// <summary>The same for layers of Stable Diffusion 2.1's widths: sums there are ten times as long.</summary>
    public const double WideRoom = 2e-5;

    /// <summary>Fails where the product's computation errs more.</summary>
    /// <param name="exact">The plain computation in float64, of the same numbers.</param>
    /// <param name="plain">The plain computation in float32.</param>
    /// <param name="fast">The product's in float32.</param>
    /// <param name="what">Named in messages.</param>
    /// <param name="room">What is allowed beyond twice the plain one's error.</param>
    public static void Compare(Tensor exact, Tensor plain, Tensor fast, string what, double room = Room)
    {
        Assert.AreEqual(ScalarType.Float64, exact.dtype, what);
        Assert.AreEqual(ScalarType.Float32, plain.dtype, what);
        Assert.AreEqual(ScalarType.Float32, fast.dtype, what);
        double allowed = 2 * Numbers.RelativeError(exact, plain) + room, error = Numbers.RelativeError(exact, fast);
        string words = string.Create(CultureInfo.InvariantCulture, $"{what}: error {error:g3}, allowed {allowed:g3}");
        Console.WriteLine(words);
        Assert.IsLessThanOrEqualTo(allowed, error, words);
    }

    /// <summary>Fails where a sample of 8 or 16 bits is farther from its exact value than rounding and the same error allow.</summary>
    /// <param name="exact">The plain computation in float64, before it is rounded to a sample.</param>
    /// <param name="plain">The same in float32.</param>
    /// <param name="samples">The product's samples.</param>
    /// <param name="most">The largest sample of this depth.</param>
    /// <param name="what">Named in messages.</param>
    public static void CompareSamples(double[] exact, float[] plain, int[] samples, int most, string what)
    {
        Assert.HasCount(exact.Length, samples, what);
        double plainError = 0, error = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            plainError = Math.Max(plainError, Math.Abs(plain[i] - exact[i]));
            error = Math.Max(error, Math.Abs(samples[i] - exact[i]));
        }

        double allowed = 0.5 + (2 * plainError) + (Room * most);
        string words = string.Create(CultureInfo.InvariantCulture, $"{what}: error {error:g4} of {most}, allowed {allowed:g4}");
        Console.WriteLine(words);
        Assert.IsLessThanOrEqualTo(allowed, error, words);
    }
}
