using System.Runtime.Intrinsics;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Group normalisation of maps with channels last (B, H, W, C), and the activation that follows.</summary>
internal sealed class FastNorm
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Func<Tensor, Tensor>? _activation;
    private readonly bool _native;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="kept">Owns what is kept.</param>
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
        _native = TensorMemory.Serves(_weight.dtype, _weight.device_type) && channels % FastConv.Lanes(_weight.dtype) == 0 && activation is null or "silu" or "swish";
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

    /// <summary>Whether SiLU follows, where <see cref="Native"/>.</summary>
    public bool Activates { get; }

    /// <summary>Whether the loops of this folder compute it, so that it can be part of the next convolution's.</summary>
    public bool Native => _native;

    /// <summary>The normalised and activated map.</summary>
    /// <param name="x">(B, H, W, C), contiguous.</param>
    /// <returns>The same shape, owned by the caller.</returns>
    public Tensor Apply(Tensor x)
    {
        if (_native)
            return x.dtype == ScalarType.Float32 ? ApplyIn<float>(x) : ApplyIn<double>(x);
        using var scope = NewDisposeScope();
        Tensor normal = nn.functional.group_norm(x.permute(0, 3, 1, 2), Groups, _weight, _bias, Epsilon);
        return (_activation is null ? normal : _activation(normal)).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Normalises and activates a stretch of memory.</summary>
    public static unsafe void Run<T>(T* from, T* to, int positions, int channels, T* scale, T* shift, bool activate)
        where T : unmanaged
    {
        for (int position = 0; position < positions; position++)
        {
            T* source = from + (long)position * channels, target = to + (long)position * channels;
            for (int c = 0; c < channels; c += Vector512<T>.Count)
            {
                Vector512<T> y = Vector512.Load(source + c) * Vector512.Load(scale + c) + Vector512.Load(shift + c);
                (activate ? Silu.Of(y) : y).Store(target + c);
            }
        }
    }

    private unsafe Tensor ApplyIn<T>(Tensor x)
        where T : unmanaged
    {
        int positions = (int)(x.shape[1] * x.shape[2]), channels = (int)x.shape[3];
        Tensor y = empty_like(x);
        T[] scale = new T[channels], shift = new T[channels];
        fixed (T* scaleStart = scale, shiftStart = shift)
        {
            T* scales = scaleStart, shifts = shiftStart;
            for (long b = 0; b < x.shape[0]; b++)
            {
                T* from = TensorMemory.Of<T>(x) + b * positions * channels, to = TensorMemory.Of<T>(y) + b * positions * channels;
                ChannelSums<T>.Affine(from, positions, channels, this, scales, shifts);
                Workers.Run(positions, (first, end) =>
                    Run(from + (long)first * channels, to + (long)first * channels, end - first, channels, scales, shifts, Activates));
            }
        }

        return y;
    }

    private static double[] Wide(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(ScalarType.Float64, CPU).data<double>().ToArray();
    }
}
