using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>Group normalisation (Wu and He, 2018) of (B, C, …) over groups of channels, with scale and shift for each channel.</summary>
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
