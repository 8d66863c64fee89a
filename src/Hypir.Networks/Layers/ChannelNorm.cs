using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Layer normalization over the channels of each position of a map (B, C, H, W), with scale and shift for each channel.</summary>
internal sealed class ChannelNorm : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _channels;
    private readonly double _epsilon;

    /// <summary>Takes weight and bias (channels) from the scope.</summary>
    public ChannelNorm(WeightScope weights, long channels, double epsilon)
        : base(nameof(ChannelNorm))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        (_channels, _epsilon) = (channels, epsilon);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn
            .functional.layer_norm(x.permute(0, 2, 3, 1), [_channels], _weight, _bias, _epsilon)
            .permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>Batch normalization (Ioffe and Szegedy, 2015) by the statistics that training left in the file.</summary>
internal sealed class FrozenBatchNorm : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly double _epsilon;

    /// <summary>Takes weight, bias, running_mean and running_var (channels) from the scope.</summary>
    public FrozenBatchNorm(WeightScope weights, long channels, double epsilon)
        : base(nameof(FrozenBatchNorm))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        _mean = this.OwnBuffer("running_mean", weights.Buffer("running_mean", channels));
        _variance = this.OwnBuffer("running_var", weights.Buffer("running_var", channels));
        _epsilon = epsilon;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) =>
        nn.functional.batch_norm(x, _mean, _variance, _weight, _bias, training: false, eps: _epsilon);
}
