using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>x if positive, otherwise x times a slope per channel (He et al., 2015). (B, C, H, W) → the same.</summary>
public sealed class PRelu : NetworkModule<Tensor, Tensor>
{
    private readonly Parameter _weight;

    /// <summary>Takes weight (channels) from the scope.</summary>
    public PRelu(WeightScope weights, long channels)
        : base(nameof(PRelu)) => _weight = this.Own("weight", weights.Parameter("weight", channels));

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => x.prelu(_weight);
}
