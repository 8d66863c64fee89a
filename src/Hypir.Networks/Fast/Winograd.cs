using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A 3x3 convolution with padding 1 of maps with channels last, by <see cref="WinogradTransform{T}"/>: exact in exact arithmetic, with a quarter of the
/// multiplications. A norm before it is applied to rows while they are in the cache, nearest-neighbour enlargement is a matter of where rows are read.
/// </summary>
internal sealed class Winograd
{
    /// <summary>Transformed tiles that are made and multiplied at a time: small ones stay in the cache until they are read again …</summary>
    private const long LeastBlockBytes = 6L << 20;

    /// <summary>… but each product reads all kernels, and is made for so many times their bytes …</summary>
    private const long BlockPerKernel = 4;

    /// <summary>… as far as memory goes.</summary>
    private const long MostBlockBytes = 160L << 20;

    private readonly Tensor _kernels;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>Transforms the kernels.</summary>
    /// <param name="kept">Owns what is kept.</param>
    /// <param name="weight">(K, C, 3, 3), with channels that are multiples of <see cref="FastConv.Lanes"/>.</param>
    public Winograd(KeptTensors kept, Tensor weight)
    {
        (_outputs, _inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        _kernels = kept.Keep(WinogradKernels.Transform(weight));
    }

    /// <summary>The convolution.</summary>
    /// <param name="x">(B, H, W, C), contiguous; half as high and wide where it is enlarged.</param>
    /// <param name="bias">(K).</param>
    /// <param name="norm">Applied before, or null.</param>
    /// <param name="residual">Added to the result, (B, H, W, K), or null.</param>
    /// <param name="enlarged">Height and width of the enlarged map, or null where it is not enlarged.</param>
    /// <returns>(B, H, W, K), contiguous, owned by the caller.</returns>
    public Tensor Forward(Tensor x, Tensor bias, FastNorm? norm, Tensor? residual, (long Height, long Width)? enlarged) =>
        x.dtype == ScalarType.Float32 ? Run<float>(x, bias, norm, residual, enlarged) : Run<double>(x, bias, norm, residual, enlarged);

    private unsafe Tensor Run<T>(Tensor x, Tensor bias, FastNorm? norm, Tensor? residual, (long Height, long Width)? enlarged)
        where T : unmanaged
    {
        (long height, long width) = enlarged ?? (x.shape[1], x.shape[2]);
        Tensor y = empty([x.shape[0], height, width, _outputs], x.dtype);
        var job = new WinogradPass<T>(_kernels, _inputs, _outputs, (int)x.shape[1], (int)x.shape[2], (int)height, (int)width, enlarged is null ? 0 : 1, Math.Clamp(BlockPerKernel * _kernels.numel() * sizeof(T), LeastBlockBytes, MostBlockBytes));
        T* from = TensorMemory.Of<T>(x), to = TensorMemory.Of<T>(y), shift = TensorMemory.Of<T>(bias);
        T* added = residual is null ? null : TensorMemory.Of<T>(residual);
        for (long b = 0; b < x.shape[0]; b++)
        {
            job.Run(from, norm, shift, added, to);
            from += x.shape[1] * x.shape[2] * _inputs;
            to += height * width * _outputs;
            if (added is not null)
                added += height * width * _outputs;
        }

        return y;
    }
}
