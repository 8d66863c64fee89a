using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>Layer normalisation over the channels of each position of a map (B, C, H, W).</summary>
internal sealed class ChannelNorm : NetworkModule<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter _weight;
    private readonly TorchSharp.Modules.Parameter _bias;
    private readonly long _channels;
    private readonly double _epsilon;

    public ChannelNorm(WeightScope weights, long channels, double epsilon)
        : base(nameof(ChannelNorm))
    {
        _weight = this.Own("weight", weights.Parameter("weight", channels));
        _bias = this.Own("bias", weights.Parameter("bias", channels));
        (_channels, _epsilon) = (channels, epsilon);
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(x.permute(0, 2, 3, 1), [_channels], _weight, _bias, _epsilon).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
