using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Convolutions by libtorch that cannot turn into NaN. On CPUs, oneDNN rearranges channels into blocks of 8 or 16, and multiplies what it
/// adds to the last block by zero without clearing it first. If that memory happens to hold infinity or NaN, so does the result; how often
/// depends on what the process freed before. Channels that are summed are therefore filled up to whole blocks here: those of the input,
/// and, for the gradient of the input, those of the result.
/// </summary>
/// <remarks>
/// Not affected, by trial with every free block of memory set to NaN (ten thousand sizes): kernels of one pixel, grouped and transposed
/// convolutions, up to three input channels, float64.
/// </remarks>
internal static class WholeBlocks
{
    /// <summary>oneDNN's block with AVX-512, a multiple of that with AVX2.</summary>
    private const long Block = 16;

    /// <summary>oneDNN reads that many input channels without blocks.</summary>
    private const long Unblocked = 3;

    /// <summary>Two-dimensional convolution with zero padding.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="weight">(K, C, kernel height, kernel width).</param>
    /// <param name="bias">(K), or null.</param>
    /// <param name="stride">Distance of the results, in pixels.</param>
    /// <param name="padding">Zeros on each side, in pixels.</param>
    /// <returns>(B, K, H', W'), owned by the caller.</returns>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, long stride = 1, long padding = 0)
    {
        long outputs = weight.shape[0], inputs = weight.shape[1];
        bool blocked = x.device_type == DeviceType.CPU && x.dtype != ScalarType.Float64 && weight.shape[2] * weight.shape[3] > 1;
        long moreInputs = blocked && inputs > Unblocked ? Missing(inputs) : 0;
        long moreOutputs = blocked && is_grad_enabled() && x.requires_grad ? Missing(outputs) : 0;
        if (moreInputs == 0 && moreOutputs == 0)
            return nn.functional.conv2d(x, weight, bias, strides: [stride, stride], padding: [padding, padding]);

        using var scope = NewDisposeScope();
        Tensor wide = moreInputs == 0 ? x : nn.functional.pad(x, [0, 0, 0, 0, 0, moreInputs]);
        Tensor kernels = nn.functional.pad(weight, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
        Tensor? biases = moreOutputs == 0 || bias is null ? bias : nn.functional.pad(bias, [0, moreOutputs]);
        Tensor y = nn.functional.conv2d(wide, kernels, biases, strides: [stride, stride], padding: [padding, padding]);
        return (moreOutputs == 0 ? y : y.narrow(1, 0, outputs)).MoveToOuterDisposeScope();
    }

    private static long Missing(long channels) => (Block - channels % Block) % Block;
}
