using Hypir.Networks.Fast.Training;
using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Two-dimensional convolution (cross-correlation, as usual) with zero padding, and an optional low-rank adapter: a convolution with the
/// same geometry to r channels, then a 1x1 convolution.
/// </summary>
public sealed class Conv2d : NetworkModule<Tensor, Tensor>, ILoraTarget
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly long _stride;
    private readonly long _padding;
    private LoraPair? _lora;

    /// <summary>Takes weight (out, in, kernel, kernel) and bias (out) from the scope.</summary>
    public Conv2d(WeightScope weights, long inChannels, long outChannels, long kernel, long stride = 1, long padding = 0, bool bias = true)
        : base(nameof(Conv2d))
    {
        _weight = this.Own("weight", weights.Parameter("weight", outChannels, inChannels, kernel, kernel));
        _bias = bias ? this.Own("bias", weights.Parameter("bias", outChannels)) : null;
        (_stride, _padding) = (stride, padding);
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> WeightShape => _weight.shape;

    /// <summary>Whether gradients may be computed by our own loops (<see cref="FastGradients"/>).</summary>
    internal bool HasFastGradients { get; set; }

    /// <summary>Weight and bias, if <see cref="FastGradients"/> apply to this map now; otherwise null.</summary>
    internal (Tensor Weight, Tensor? Bias)? FastFor(Tensor x) =>
        HasFastGradients && _lora is null && _stride == 1 && _padding == 1 && _weight.shape[2] == 3 && FastGradients.Support(x, _weight)
            ? (_weight, _bias)
            : null;

    /// <inheritdoc/>
    public void Attach(LoraPair pair)
    {
        _lora = pair;
        pair.Register(this);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        if (FastFor(x) is var (weight, bias))
            return FastGradients.Convolution(x, weight, bias);
        Tensor y = Convolve(x, _weight, _bias);
        if (_lora is null)
            return y;
        using var scope = NewDisposeScope();
        // The adapter computes in the layer's type; its gradients have its own type.
        Tensor low = Convolve(x, _lora.Down.to(x.dtype), null);
        return y.PlusOwned(WholeBlocks.Convolve(low, _lora.Up.to(x.dtype), null)).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor x, Tensor weight, Tensor? bias) =>
        WholeBlocks.Convolve(x, weight, bias, _stride, _padding);
}
