using System.Runtime.Intrinsics;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Group normalization of channels-last maps (B, H, W, C), and the activation that follows.</summary>
internal sealed class FastNorm
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Func<Tensor, Tensor>? _activation;
    private readonly bool _native;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="weights">The plain module's place.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="activation">Name of the activation, or null for none.</param>
    public FastNorm(KeptTensors kept, WeightScope weights, long groups, long channels, double epsilon, string? activation)
    {
        (Groups, Epsilon, Activates) = ((int)groups, epsilon, activation is not null);
        _weight = kept.Keep(weights.Tensor("weight", channels));
        _bias = kept.Keep(weights.Tensor("bias", channels));
        _activation = activation is null ? null : Activation.Named(activation);
        _native =
            TensorMemory.IsSupported(_weight.dtype, _weight.device_type)
            && channels % FastConv.Lanes(_weight.dtype) == 0
            && activation is null or "silu" or "swish";
        Weight = [.. Wide(_weight)];
        Bias = [.. Wide(_bias)];
    }

    /// <summary>Groups of channels.</summary>
    public int Groups { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>Scale of each channel.</summary>
    public double[] Weight { get; }

    /// <summary>Shift of each channel.</summary>
    public double[] Bias { get; }

    /// <summary>Whether SiLU follows, if <see cref="Native"/>.</summary>
    public bool Activates { get; }

    /// <summary>Whether these loops support it, so that it can be fused into the next convolution.</summary>
    public bool Native => _native;

    /// <summary>Whether these loops can read a map of this norm's channels part by part.</summary>
    public bool Reads(FastMap x) => Native && x.Parts.All(part => part.Channels % FastConv.Lanes(_weight.dtype) == 0);

    /// <summary>The normalized and activated map.</summary>
    /// <returns>(B, H, W, C), contiguous, owned by the caller.</returns>
    public Tensor Apply(FastMap x)
    {
        if (Reads(x))
            return _weight.dtype == ScalarType.Float32 ? ApplyIn<float>(x) : ApplyIn<double>(x);
        using var scope = NewDisposeScope();
        Tensor normal = nn.functional.group_norm(x.Whole().permute(0, 3, 1, 2), Groups, _weight, _bias, Epsilon);
        return (_activation is null ? normal : _activation(normal)).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Normalizes and activates some channels of consecutive positions.</summary>
    /// <param name="from">The first position's first channel.</param>
    /// <param name="fromStep">Elements from one position to the next.</param>
    /// <param name="to">Written.</param>
    /// <param name="toStep">Elements from one position to the next.</param>
    /// <param name="positions">Number of positions.</param>
    /// <param name="channels">Number of channels, a multiple of the vector length.</param>
    /// <param name="scale">(channels).</param>
    /// <param name="shift">(channels).</param>
    /// <param name="activate">Whether SiLU follows.</param>
    public static unsafe void Run<T>(
        T* from, int fromStep, T* to, int toStep, int positions, int channels, T* scale, T* shift, bool activate)
        where T : unmanaged
    {
        for (int position = 0; position < positions; position++, from += fromStep, to += toStep)
        {
            for (int c = 0; c < channels; c += Vector512<T>.Count)
            {
                Vector512<T> y = Vector512.Load(from + c) * Vector512.Load(scale + c) + Vector512.Load(shift + c);
                (activate ? Silu.Of(y) : y).Store(to + c);
            }
        }
    }

    private unsafe Tensor ApplyIn<T>(FastMap x)
        where T : unmanaged
    {
        int positions = (int)(x.Height * x.Width), channels = Weight.Length;
        Tensor y = empty([x.Batch, x.Height, x.Width, channels], _weight.dtype);
        for (int image = 0; image < x.Batch; image++)
        {
            var rows = new NormalRows<T>(x, image, this);
            T* to = TensorMemory.Pointer<T>(y) + (long)image * positions * channels;
            ParallelLoop.Run(positions, (first, end) => rows.Write(first, end - first, to + (long)first * channels));
        }

        return y;
    }

    private static double[] Wide(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(ScalarType.Float64, CPU).data<double>().ToArray();
    }
}
