using System.Globalization;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>What the rewritten networks may err in float32: twice what the library's operations do on the same input and weights, and a little more.</summary>
internal static class Float32Errors
{
    /// <summary>The little more, relative to the largest value: a transformed convolution errs about ten times as much as a direct one.</summary>
    public const double Room = 1e-5;

    /// <summary>The same for layers of Stable Diffusion 2.1's widths: sums there are ten times as long.</summary>
    public const double WideRoom = 2e-5;

    /// <summary>Fails where the rewritten computation errs more.</summary>
    /// <param name="exact">The plain computation in float64, of the same numbers.</param>
    /// <param name="plain">The plain computation in float32.</param>
    /// <param name="fast">The rewritten one in float32.</param>
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
}
