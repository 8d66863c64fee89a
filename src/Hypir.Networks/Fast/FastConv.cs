using System.Runtime.Intrinsics;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A convolution of channels-last maps (B, H, W, C), fused with what precedes it (norm and activation, enlargement) and follows it (a sum)
/// where that saves passes over memory.
/// </summary>
internal sealed class FastConv
{
    private readonly Tensor? _weight;
    private readonly Tensor? _paddedBias;
    private readonly long _outputs;
    private readonly long _stride;
    private readonly long _padding;
    private readonly Winograd? _winograd;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="weights">The plain module's place.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="padding">Zeros around the input.</param>
    public FastConv(
        KeptTensors kept, WeightScope weights, long inChannels, long outChannels, long kernel, long stride = 1, long? padding = null)
    {
        using Tensor weight = weights.Tensor("weight", outChannels, inChannels, kernel, kernel);
        Bias = kept.Keep(weights.Tensor("bias", outChannels));
        (_outputs, _stride, _padding) = (outChannels, stride, padding ?? (kernel - 1) / 2);
        long lanes = Lanes(weight.dtype), padded = FastKernels.Padded(inChannels, outChannels, lanes);
        bool winograd = TensorMemory.IsSupported(weight.dtype, weight.device_type) && kernel == 3 && stride == 1 && _padding == 1
            && inChannels % lanes == 0 && padded % lanes == 0;
        if (!winograd)
        {
            _weight = kept.Keep(weight.alias());
            return;
        }

        if (padded == outChannels)
        {
            _winograd = new Winograd(kept, weight);
            return;
        }

        _paddedBias = kept.Keep(nn.functional.pad(Bias, [0, padded - outChannels]));
        using Tensor whole = nn.functional.pad(weight, [0, 0, 0, 0, 0, 0, 0, padded - outChannels]);
        _winograd = new Winograd(kept, whole);
    }

    /// <summary>The convolution that an outline describes.</summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="root">Root of the network's weights.</param>
    /// <param name="layer">The outline.</param>
    public static FastConv Of(KeptTensors kept, WeightScope root, ConvLayer layer) =>
        new(kept, root[layer.Name], layer.InChannels, layer.OutChannels, layer.Kernel, layer.Stride, layer.Padding);

    /// <summary>The bias added to each channel of the result, (K).</summary>
    public Tensor Bias { get; }

    /// <summary>Whether it can include a shortcut.</summary>
    public bool TakesShortcut => _winograd is { IsNarrow: true } && _paddedBias is null;

    /// <summary>Numbers that these loops process at a time: they support maps whose channels are a multiple of it.</summary>
    public static int Lanes(ScalarType type) => type == ScalarType.Float64 ? Vector512<double>.Count : Vector512<float>.Count;

    /// <summary>Computes the convolution.</summary>
    /// <param name="x">The input.</param>
    /// <param name="norm">Applied to the input, or null.</param>
    /// <param name="residual">Added to the result, (B, H', W', K), or null.</param>
    /// <param name="shortcut">Computed and added to the result, or null; see <see cref="TakesShortcut"/>.</param>
    /// <param name="bias">Replaces <see cref="Bias"/>, or null.</param>
    /// <param name="enlarged">Height and width to which the input is first enlarged by repeating pixels, or null.</param>
    /// <returns>(B, H', W', K), owned by the caller; contiguous if K is a multiple of <see cref="Lanes"/>.</returns>
    public FastMap Forward(
        FastMap x, FastNorm? norm = null, Tensor? residual = null, Shortcut? shortcut = null, Tensor? bias = null,
        (long Height, long Width)? enlarged = null)
    {
        using var scope = NewDisposeScope();
        if (norm is not null && (_winograd is null || !norm.Reads(x)))
            (x, norm) = (new(norm.Apply(x)), null);
        else if (norm is null && x.Parts.Count > 1)
            x = new(x.Whole());
        // Only for these sizes does a result pixel i read source pixel i / 2.
        if (enlarged is { } odd && (_winograd is null || (odd.Height + 1) / 2 != x.Height || (odd.Width + 1) / 2 != x.Width))
            (x, enlarged) = (Enlarge(x.Whole(), odd), null);
        if (_winograd is not null)
        {
            FastMap whole = _winograd.Forward(x, _paddedBias ?? bias ?? Bias, norm, residual, shortcut, enlarged);
            return (_paddedBias is null ? whole : whole.First(_outputs)).MoveToOuterDisposeScope();
        }

        Tensor map = x.Whole().permute(0, 3, 1, 2);
        Tensor y = WholeBlocks.Convolve(map, _weight!, bias ?? Bias, _stride, _padding).permute(0, 2, 3, 1).contiguous();
        return new FastMap(residual is null ? y : y.AddInPlace(residual)).MoveToOuterDisposeScope();
    }

    private static FastMap Enlarge(Tensor x, (long Height, long Width) size) =>
        new(
            nn.functional.interpolate(x.permute(0, 3, 1, 2), size: [size.Height, size.Width], mode: InterpolationMode.Nearest)
                .permute(0, 2, 3, 1)
                .contiguous()
        );
}

/// <summary>A residual block's 1x1 shortcut convolution, computed as part of the block's last convolution.</summary>
/// <param name="Map">Its input.</param>
/// <param name="Matrix">(C, K), contiguous. Its bias is part of the convolution's.</param>
internal sealed record Shortcut(FastMap Map, Tensor Matrix);

/// <summary>One image's <see cref="Shortcut"/>: rows are computed on demand.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ShortcutRows<T>
    where T : unmanaged
{
    private readonly (nint Start, int Channels)[] _parts;
    private readonly T* _matrix;
    private readonly int _outputs;

    /// <summary>Prepares the shortcut.</summary>
    /// <param name="shortcut">The shortcut; it must outlive this object.</param>
    /// <param name="image">The index of the image in its map.</param>
    public ShortcutRows(Shortcut shortcut, int image)
    {
        FastMap x = shortcut.Map;
        _parts =
        [
            .. x.Parts.Select(part =>
                ((nint)(TensorMemory.Pointer<T>(part.Values) + image * x.Height * x.Width * part.Channels), part.Channels)
            ),
        ];
        _matrix = TensorMemory.Pointer<T>(shortcut.Matrix);
        _outputs = (int)shortcut.Matrix.shape[1];
    }

    /// <summary>Writes consecutive positions.</summary>
    /// <param name="first">The first one, row · width + column.</param>
    /// <param name="count">The number of positions.</param>
    /// <param name="target">(count, K).</param>
    public void Write(long first, int count, T* target)
    {
        T* matrix = _matrix;
        bool adds = false;
        foreach ((nint start, int channels) in _parts)
        {
            TileProducts<T>.Multiply((T*)start + first * channels, count, channels, matrix, _outputs, target, adds);
            matrix += (long)channels * _outputs;
            adds = true;
        }
    }
}
