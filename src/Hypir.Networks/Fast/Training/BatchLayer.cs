using System.Numerics;
using System.Runtime.Intrinsics;
using Hypir.Planning.Cost;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast.Training;

/// <summary>A 3x3 convolution of channels-last maps, and the two convolutions of its gradient.</summary>
internal static class BatchLayer
{
    /// <summary>
    /// A map's memory as channels last, filled up to whole vectors of channels: a view if it has that form already, otherwise a copy.
    /// </summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <returns>(B, H, W, C rounded up), contiguous.</returns>
    public static Tensor ChannelsLast(Tensor x)
    {
        using Tensor last = x.permute(0, 2, 3, 1);
        long channels = x.shape[1], more = NarrowSizes.Padded(channels) - channels;
        return more == 0 ? last.contiguous() : nn.functional.pad(last, [0, more]).contiguous();
    }

    /// <summary>The first channels as (B, C, H, W), in the same memory.</summary>
    public static Tensor ChannelsFirst(Tensor map, long channels)
    {
        using Tensor first = map.permute(0, 3, 1, 2);
        return map.shape[3] == channels ? first.alias() : first.narrow(1, 0, channels);
    }

    /// <summary>The convolution.</summary>
    /// <param name="x">(B, H, W, C).</param>
    /// <param name="weight">(K, C, 3, 3); both sizes may be less than the maps'.</param>
    /// <param name="bias">(K), or null.</param>
    /// <param name="rectifies">Whether negative results become 0.</param>
    /// <param name="residual">Added to the result, (B, H, W, K); or null.</param>
    /// <returns>(B, H, W, K rounded up).</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias, bool rectifies = false, Tensor? residual = null)
    {
        using var scope = NewDisposeScope();
        return Convolve(x, weight, bias, rectifies, residual, null).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the convolution's input.</summary>
    /// <param name="slope">The gradient of its result, (B, H, W, K).</param>
    /// <param name="weight">(K, C, 3, 3).</param>
    /// <param name="gate">The gradient is 0 where this is not above 0, (B, H, W, C); or null.</param>
    /// <param name="residual">Added to the gradient, (B, H, W, C); or null.</param>
    /// <returns>(B, H, W, C rounded up).</returns>
    public static Tensor InputGradient(Tensor slope, Tensor weight, Tensor? gate = null, Tensor? residual = null)
    {
        using var scope = NewDisposeScope();
        return Convolve(slope, weight.transpose(0, 1).flip(2, 3), null, false, residual, gate).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the convolution's kernels.</summary>
    /// <param name="x">Its input, (B, H, W, C).</param>
    /// <param name="slope">The gradient of its result, (B, H, W, K).</param>
    /// <param name="shape">The kernels' shape, (K, C, 3, 3), with sizes up to the maps'.</param>
    public static Tensor KernelGradient(Tensor x, Tensor slope, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor result = empty([slope.shape[3], x.shape[3], shape[2], shape[3]], x.dtype);
        if (x.dtype == ScalarType.Float32)
            Run<float>(x, slope, result);
        else
            Run<double>(x, slope, result);
        return result.narrow(0, 0, shape[0]).narrow(1, 0, shape[1]).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the convolution's bias.</summary>
    /// <param name="slope">The gradient of its result, (B, H, W, at least K).</param>
    /// <param name="outputs">K.</param>
    public static Tensor BiasGradient(Tensor slope, long outputs)
    {
        using Tensor sums = slope.sum([0, 1, 2]);
        return sums.narrow(0, 0, outputs);
    }

    private static unsafe void Run<T>(Tensor x, Tensor slope, Tensor result)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new KernelGradient<T>(GridOf(x), (int)x.shape[3], (int)slope.shape[3]).Run(
            TensorMemory.Pointer<T>(x), TensorMemory.Pointer<T>(slope), TensorMemory.Pointer<T>(result));

    /// <param name="x">(B, H, W, C).</param>
    /// <param name="weight">(K, C, 3, 3).</param>
    /// <param name="bias">(K), or null.</param>
    /// <param name="rectifies">Whether negative results become 0.</param>
    /// <param name="residual">Added to the result, or null.</param>
    /// <param name="gate">The result is 0 where this is not above 0; or null.</param>
    private static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, bool rectifies, Tensor? residual, Tensor? gate)
    {
        long inputs = x.shape[3], outputs = NarrowSizes.Padded(weight.shape[0]);
        Tensor padded = nn.functional.pad(weight, [0, 0, 0, 0, 0, inputs - weight.shape[1], 0, outputs - weight.shape[0]]).contiguous();
        Tensor shift = bias is null ? zeros([outputs], x.dtype) : nn.functional.pad(bias, [0, outputs - bias.shape[0]]);
        Tensor? slopes = rectifies ? zeros([outputs], x.dtype) : null;
        Tensor y = empty([x.shape[0], x.shape[1], x.shape[2], outputs], x.dtype);
        if (x.dtype == ScalarType.Float32)
            Run<float>(x, padded, shift, slopes, residual, gate, y);
        else
            Run<double>(x, padded, shift, slopes, residual, gate, y);
        return y;
    }

    private static unsafe void Run<T>(
        Tensor x, Tensor weight, Tensor bias, Tensor? slopes, Tensor? residual, Tensor? gate, Tensor y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int inputs, int outputs) = ((int)x.shape[3], (int)y.shape[3]);
        Tensor kernels = empty([FastKernels.Products, inputs, outputs], x.dtype);
        Transform(TensorMemory.Pointer<T>(weight), inputs, outputs, TensorMemory.Pointer<T>(kernels));
        new BatchConvolution<T>(GridOf(x), inputs, outputs).Run(
            new()
            {
                Source = TensorMemory.Pointer<T>(x),
                Bias = TensorMemory.Pointer<T>(bias),
                Slopes = slopes is null ? null : TensorMemory.Pointer<T>(slopes),
                Residual = residual is null ? null : TensorMemory.Pointer<T>(residual),
                Gate = gate is null ? null : TensorMemory.Pointer<T>(gate),
                Target = TensorMemory.Pointer<T>(y),
            },
            TensorMemory.Pointer<T>(kernels));
    }

    /// <summary>Transforms kernels, (K, C, 3, 3) → (36, C, K).</summary>
    private static unsafe void Transform<T>(T* weight, int inputs, int outputs, T* kernels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int side = 3;
        int lanes = Vector512<T>.Count;
        long pitch = (long)inputs * side * side;
        using var memory = new MapMemory();
        using var own = new ThreadMemory<T>(memory, KernelPanel<T>.Room(inputs));
        own.Run(outputs / lanes, (from, to, room) =>
        {
            int first = from * lanes;
            KernelPanel<T>.Transform(weight + first * pitch, pitch, inputs, (to - from) * lanes, room, kernels + first, outputs);
        });
    }

    private static BatchTiles GridOf(Tensor map) => new((int)map.shape[0], (int)map.shape[1], (int)map.shape[2]);
}
