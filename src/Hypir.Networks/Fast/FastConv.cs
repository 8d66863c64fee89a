using System.Runtime.Intrinsics;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A convolution of maps with channels last (B, H, W, C), with what stands before it (norm and activation, enlargement) and after it (a sum) as parts of it
/// where that saves passes over memory.
/// </summary>
internal sealed class FastConv
{
    private readonly Tensor? _weight;
    private readonly long _stride;
    private readonly long _padding;
    private readonly Winograd? _winograd;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="kept">Owns what is kept.</param>
    /// <param name="weights">The plain module's place.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Distance between results.</param>
    /// <param name="padding">Zeros around the input.</param>
    public FastConv(KeptTensors kept, WeightScope weights, long inChannels, long outChannels, long kernel, long stride = 1, long? padding = null)
    {
        using Tensor weight = weights.Tensor("weight", outChannels, inChannels, kernel, kernel);
        Bias = kept.Keep(weights.Tensor("bias", outChannels));
        (_stride, _padding) = (stride, padding ?? (kernel - 1) / 2);
        long lanes = Lanes(weight.dtype);
        bool winograd = TensorMemory.Serves(weight.dtype, weight.device_type) && kernel == 3 && stride == 1 && _padding == 1
            && inChannels % lanes == 0 && outChannels % lanes == 0 && FastKernels.TransformedElements(inChannels, outChannels, kernel) > 0;
        if (winograd)
            _winograd = new Winograd(kept, weight);
        else
            _weight = kept.Keep(weight.alias());
    }

    /// <summary>What is added to each channel of the result, (K).</summary>
    public Tensor Bias { get; }

    /// <summary>Numbers that the loops of this folder take at a time: they compute maps whose channels are a multiple of it.</summary>
    public static int Lanes(ScalarType type) => type == ScalarType.Float64 ? Vector512<double>.Count : Vector512<float>.Count;

    /// <summary>The convolution.</summary>
    /// <param name="x">(B, H, W, C), contiguous.</param>
    /// <param name="norm">Applied to the input, or null.</param>
    /// <param name="residual">Added to the result, or null.</param>
    /// <param name="bias">Stands for <see cref="Bias"/>, or null.</param>
    /// <param name="enlarged">Height and width to which the input is enlarged first by repeating pixels, or null.</param>
    /// <returns>(B, H', W', K), contiguous, owned by the caller.</returns>
    public Tensor Forward(Tensor x, FastNorm? norm = null, Tensor? residual = null, Tensor? bias = null, (long Height, long Width)? enlarged = null)
    {
        bias ??= Bias;
        using var scope = NewDisposeScope();
        if (norm is { Native: false } || (norm is not null && _winograd is null))
            (x, norm) = (norm.Apply(x), null);
        // Other sizes than these do not read pixel i / 2.
        if (enlarged is { } odd && (_winograd is null || (odd.Height + 1) / 2 != x.shape[1] || (odd.Width + 1) / 2 != x.shape[2]))
            (x, enlarged) = (Enlarge(x, odd), null);
        if (_winograd is not null)
            return _winograd.Forward(x, bias, norm, residual, enlarged).MoveToOuterDisposeScope();
        Tensor map = x.permute(0, 3, 1, 2);
        Tensor y = nn.functional.conv2d(map, _weight!, bias, strides: [_stride, _stride], padding: [_padding, _padding]).permute(0, 2, 3, 1).contiguous();
        return (residual is null ? y : y.add_(residual)).MoveToOuterDisposeScope();
    }

    private static Tensor Enlarge(Tensor x, (long Height, long Width) size) =>
        nn.functional.interpolate(x.permute(0, 3, 1, 2), size: [size.Height, size.Width], mode: InterpolationMode.Nearest).permute(0, 2, 3, 1).contiguous();
}
