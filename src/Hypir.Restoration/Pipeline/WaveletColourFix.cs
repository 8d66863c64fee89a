using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Gives a picture the low frequencies of another: the detail that the model invented stays, its colour shifts go. The low-pass is an à-trous
/// wavelet's: five passes of the kernel [1 2 1]⊗[1 2 1]/16 with distances 1, 2, 4, 8, 16 between taps and edges repeated.
/// </summary>
internal static class WaveletColourFix
{
    private const int Levels = 5;

    /// <summary>How many rows above and below a row its result depends on: 1 + 2 + 4 + 8 + 16.</summary>
    public const int Reach = (1 << Levels) - 1;

    /// <summary>The picture's detail over the reference's low frequencies: x - low(x) + low(reference), with one low-pass for both.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="reference">The same shape and type.</param>
    public static Tensor Apply(Tensor x, Tensor reference)
    {
        using var scope = NewDisposeScope();
        return x.add(Low(reference.sub(x))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The low frequencies. A pixel's result has the same bits whether the whole picture is given or a band of it: weights are powers of two and
    /// the order of additions is fixed, where a convolution's would hang on the size.
    /// </summary>
    /// <param name="x">(B, C, H, W).</param>
    public static Tensor Low(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor low = x;
        for (int level = 0; level < Levels; level++)
        {
            using var levelScope = NewDisposeScope();
            int distance = 1 << level;
            low = Blur(Blur(low, 2, distance), 3, distance).MoveToOtherDisposeScope(scope);
        }
        return low.MoveToOuterDisposeScope();
    }

    private static Tensor Blur(Tensor x, int axis, int distance)
    {
        long length = x.shape[axis];
        Tensor padded = axis == 2
            ? nn.functional.pad(x, (0, 0, distance, distance), PaddingModes.Replicate)
            : nn.functional.pad(x, (distance, distance, 0, 0), PaddingModes.Replicate);
        Tensor sum = padded.narrow(axis, 0, length).add(padded.narrow(axis, 2 * distance, length));
        return sum.mul_(0.25).add_(x.mul(0.5));
    }
}
