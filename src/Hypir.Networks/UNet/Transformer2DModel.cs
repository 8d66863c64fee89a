using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>Transformer blocks over the positions of a feature map, around a residual; entered and left by a linear map or a 1x1 convolution.</summary>
internal sealed class Transformer2DModel : NetworkModule<Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-6;
    private readonly GroupNorm _norm;
    private readonly nn.Module<Tensor, Tensor> _projIn;
    private readonly BasicTransformerBlock[] _blocks;
    private readonly nn.Module<Tensor, Tensor> _projOut;
    private readonly bool _linear;

    public Transformer2DModel(WeightScope weights, UNetConfig config, int level)
        : base(nameof(Transformer2DModel))
    {
        long width = config.BlockOutChannels[level];
        _linear = config.UseLinearProjection;
        _norm = this.Child("norm", new GroupNorm(weights["norm"], config.NormGroups, width, Epsilon));
        _projIn = this.Child("proj_in", Projection(weights["proj_in"], width));
        _blocks = this.Children("transformer_blocks", Enumerable.Range(0, config.TransformerLayers[level]).Select(i =>
            new BasicTransformerBlock(weights[$"transformer_blocks.{i}"], width, config.CrossAttentionDim, config.Heads[level], config.UpcastAttention)));
        _projOut = this.Child("proj_out", Projection(weights["proj_out"], width));
    }

    /// <summary>x (B, C, H, W), text (B, M, context width) → (B, C, H, W).</summary>
    public override Tensor forward(Tensor x, Tensor text)
    {
        long height = x.shape[2], width = x.shape[3];
        Tensor h = _norm.call(x);
        h = _linear ? h.Then(ToSequence).Then(_projIn.call) : h.Then(_projIn.call).Then(ToSequence);
        foreach (BasicTransformerBlock block in _blocks)
            h = h.Then(t => block.call(t, text));
        h = _linear ? h.Then(_projOut.call).Then(ToMap) : h.Then(ToMap).Then(_projOut.call);
        return h.Then(t => x.Plus(t));

        Tensor ToMap(Tensor sequence) => sequence.transpose(1, 2).Then(t => t.unflatten(2, [height, width]));
    }

    private static Tensor ToSequence(Tensor map) => map.flatten(2).Then(t => t.transpose(1, 2));

    private nn.Module<Tensor, Tensor> Projection(WeightScope weights, long width) =>
        _linear ? new Linear(weights, width, width) : new Conv2d(weights, width, width, 1);
}
