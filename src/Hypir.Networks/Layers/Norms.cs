using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Group normalization (Wu and He, 2018) of (B, C, …) over groups of channels, with a scale and shift per channel.</summary>
public sealed class GroupNorm : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _groups;
    private readonly double _epsilon;

    /// <summary>Takes weight and bias (channels) from the scope.</summary>
    public GroupNorm(WeightScope weights, long groups, long channels, double epsilon)
        : base(nameof(GroupNorm))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        (_groups, _epsilon) = (groups, epsilon);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => nn.functional.group_norm(x, _groups, _weight, _bias, _epsilon);
}

/// <summary>Layer normalization (Ba et al., 2016) of the last dimension, with scale and shift.</summary>
public sealed class LayerNorm : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long[] _shape;
    private readonly double _epsilon;

    /// <summary>Takes weight and bias (features) from the scope.</summary>
    public LayerNorm(WeightScope weights, long features, double epsilon = 1e-5)
        : base(nameof(LayerNorm))
    {
        _weight = this.Own("weight", weights.Parameter("weight", features));
        _bias = this.Own("bias", weights.Parameter("bias", features));
        (_shape, _epsilon) = ([features], epsilon);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => nn.functional.layer_norm(x, _shape, _weight, _bias, _epsilon);
}
