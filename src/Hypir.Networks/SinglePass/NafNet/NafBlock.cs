using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.NafNet;

/// <summary>
/// A block of NAFNet: two residual parts after a norm each. Instead of activations, one half of the channels is multiplied by the other;
/// the first part weights its channels by their mean over the whole map.
/// </summary>
internal sealed class NafBlock : NetworkModule<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;
    private const string Input = "input";
    private readonly ChannelNorm _norm1;
    private readonly ChannelNorm _norm2;
    private readonly Conv2d _conv1;
    private readonly DepthwiseConv2d _conv2;
    private readonly Conv2d _attention;
    private readonly Conv2d _conv3;
    private readonly Conv2d _conv4;
    private readonly Conv2d _conv5;
    private readonly TorchSharp.Modules.Parameter _beta;
    private readonly TorchSharp.Modules.Parameter _gamma;

    public NafBlock(WeightScope weights, long channels)
        : base(nameof(NafBlock))
    {
        long twice = 2 * channels;
        _norm1 = this.Child("norm1", new ChannelNorm(weights["norm1"], channels, Epsilon));
        _norm2 = this.Child("norm2", new ChannelNorm(weights["norm2"], channels, Epsilon));
        _conv1 = this.Child("conv1", new Conv2d(weights["conv1"], channels, twice, 1));
        _conv2 = this.Child("conv2", new DepthwiseConv2d(weights["conv2"], twice, 3));
        _attention = this.Child("sca", new ModuleGroup("sca")).Child("1", new Conv2d(weights["sca.1"], channels, channels, 1));
        _conv3 = this.Child("conv3", new Conv2d(weights["conv3"], channels, channels, 1));
        _conv4 = this.Child("conv4", new Conv2d(weights["conv4"], channels, twice, 1));
        _conv5 = this.Child("conv5", new Conv2d(weights["conv5"], channels, channels, 1));
        _beta = this.Own("beta", weights.Parameter("beta", 1, channels, 1, 1));
        _gamma = this.Own("gamma", weights.Parameter("gamma", 1, channels, 1, 1));
    }

    /// <summary>The block's layers, for an outline.</summary>
    /// <param name="name">Its place.</param>
    /// <param name="channels">Its channels.</param>
    public static IReadOnlyList<LayerOutline> Layers(string name, long channels) =>
    [
        new KeepLayer(Input),
        new LayerNormLayer($"{name}.norm1", channels, Epsilon),
        new ConvLayer($"{name}.conv1", channels, 2 * channels, 1),
        new ConvLayer($"{name}.conv2", 2 * channels, 2 * channels, 3) { Groups = 2 * channels },
        new GateLayer(),
        new ChannelAttentionLayer($"{name}.sca.1", channels),
        new ConvLayer($"{name}.conv3", channels, channels, 1),
        new ChannelScaleLayer($"{name}.beta", channels),
        new AddLayer(Input),
        new KeepLayer(Input),
        new LayerNormLayer($"{name}.norm2", channels, Epsilon),
        new ConvLayer($"{name}.conv4", channels, 2 * channels, 1),
        new GateLayer(),
        new ConvLayer($"{name}.conv5", channels, channels, 1),
        new ChannelScaleLayer($"{name}.gamma", channels),
        new AddLayer(Input),
    ];

    /// <summary>(B, C, H, W) → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor spatial = _norm1.call(x).Then(_conv1.call).Then(_conv2.call).Then(Gate).Then(Weight).Then(_conv3.call);
        Tensor y = spatial.Then(t => t * _beta).Then(t => x.Plus(t));
        return y.Then(t => _norm2.call(t).Then(_conv4.call).Then(Gate).Then(_conv5.call).Then(u => u * _gamma).Then(u => t.Plus(u)));
    }

    private static Tensor Gate(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = x.chunk(2, 1);
        return (halves[0] * halves[1]).MoveToOuterDisposeScope();
    }

    private Tensor Weight(Tensor x)
    {
        using Tensor weight = x.mean([2, 3], keepdim: true).Then(_attention.call);
        return x * weight;
    }
}
