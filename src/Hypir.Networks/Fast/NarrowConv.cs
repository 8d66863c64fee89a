using Hypir.Planning.Cost;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A 3x3 convolution with padding 1 and few channels, by <see cref="WinogradTransform{T}"/>, fused with a sum and a rectifier. It reads
/// the first channels of a channels-last map and writes to some channels of another, so that dense blocks concatenate nothing. Kernels are
/// transformed on use: that takes about 1% of the time, and stored they would take four times the weights' memory.
/// </summary>
internal sealed class NarrowConv
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor? _slopes;
    private readonly MapMemory _memory;

    /// <summary>Copies the weights. Channels are filled up to whole vectors with zeros.</summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="weight">(K, C, 3, 3), float32 or float64 on the CPU; see <see cref="NarrowSizes.Supports"/>.</param>
    /// <param name="bias">(K).</param>
    /// <param name="slopes">The factor of each channel's negative results after all sums, (K), or null.</param>
    public NarrowConv(KeptTensors kept, Tensor weight, Tensor bias, Tensor? slopes = null)
    {
        using var scope = NewDisposeScope();
        (_memory, Inputs, Outputs) = (kept.Maps, (int)NarrowSizes.Padded(weight.shape[1]), (int)NarrowSizes.Padded(weight.shape[0]));
        long more = Outputs - weight.shape[0];
        _weight = kept.Keep(
            nn.functional.pad(weight, [0, 0, 0, 0, 0, Inputs - weight.shape[1], 0, more]).transpose(0, 1).contiguous());
        _bias = kept.Keep(nn.functional.pad(bias, [0, more]));
        _slopes = slopes is null ? null : kept.Keep(nn.functional.pad(slopes, [0, more]));
    }

    /// <summary>Channels that it reads, a multiple of <see cref="NarrowSizes.Lanes"/>.</summary>
    public int Inputs { get; }

    /// <summary>Channels that it writes, a multiple of <see cref="NarrowSizes.Lanes"/>.</summary>
    public int Outputs { get; }

    /// <summary>Computes the convolution.</summary>
    /// <param name="source">(B, H, W, at least C), contiguous.</param>
    /// <param name="target">(B, H, W, at least first + K), contiguous, written from channel <paramref name="first"/> on.</param>
    /// <param name="first">The first channel to write; not one that is read from the same map.</param>
    /// <param name="residual">
    /// Added to the result: a map like the target, which it may be, whose first K channels are read; or null.
    /// </param>
    /// <param name="doubled">Whether each pixel of the source stands for 2x2 pixels; the target is then twice as high and wide.</param>
    public void Forward(Tensor source, Tensor target, int first = 0, Tensor? residual = null, bool doubled = false)
    {
        if (source.dtype == ScalarType.Float32)
            Run<float>(source, target, first, residual, doubled);
        else
            Run<double>(source, target, first, residual, doubled);
    }

    private unsafe void Run<T>(Tensor source, Tensor target, int first, Tensor? residual, bool doubled)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        (long[] from, long[] to) = (source.shape, target.shape);
        if (target.numel() == 0)
            return;
        Tensor kernels = _memory.Rent([FastKernels.Products, Inputs, Outputs], source.dtype, out IDisposable lease);
        using IDisposable rented = lease;
        WinogradKernels.Transform(_weight, kernels);
        var shape = new WinogradShape(Inputs, Outputs, (int)from[1], (int)from[2], (int)to[1], (int)to[2], doubled ? 1 : 0)
        {
            SourceStep = (int)from[3],
            Step = (int)to[3],
        };
        var pass = new FewChannelsConvolution<T>(TensorMemory.Pointer<T>(kernels), shape, _memory);
        for (long image = 0; image < to[0]; image++)
        {
            long results = image * to[1] * shape.Pitch;
            pass.Run(new()
            {
                Source = TensorMemory.Pointer<T>(source) + image * from[1] * shape.SourcePitch,
                Rows = null,
                Bias = TensorMemory.Pointer<T>(_bias),
                Slopes = _slopes is null ? null : TensorMemory.Pointer<T>(_slopes),
                Residual = residual is null ? null : TensorMemory.Pointer<T>(residual) + results,
                Shortcut = null,
                Target = TensorMemory.Pointer<T>(target) + results + first,
            });
        }
    }
}
