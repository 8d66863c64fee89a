using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>The lowest level: a residual block, and with attention a transformer and a second residual block.</summary>
internal sealed class UNetMidBlock : NetworkModule
{
    private readonly string _name;
    private readonly ResnetBlock2D[] _resnets;
    private readonly Transformer2DModel[] _attentions;

    public UNetMidBlock(WeightScope weights, UNetConfig config)
        : base(nameof(UNetMidBlock))
    {
        _name = weights.Prefix;
        int level = config.BlockOutChannels.Count - 1;
        long channels = config.BlockOutChannels[level];
        ResnetStyle style = UNet2DConditionModel.Style(config, config.MidBlockScale);
        bool attention = config.MidBlock == UNetMidBlockKind.CrossAttention;
        _attentions = attention ? this.Children("attentions", [new Transformer2DModel(weights["attentions.0"], config, level)]) : [];
        _resnets = this.Children("resnets", Enumerable.Range(0, attention ? 2 : 1).Select(i =>
            new ResnetBlock2D(weights[$"resnets.{i}"], channels, channels, style)));
    }

    /// <summary>Computes the level; the caller owns the result and keeps its input.</summary>
    public Tensor Forward(Tensor x, Tensor time, Tensor text, NetworkRun run)
    {
        run.EnterBlock($"{_name}.resnets.0");
        x = run.Compute(_resnets[0].call, x, time);
        for (int i = 0; i < _attentions.Length; i++)
        {
            run.EnterBlock($"{_name}.attentions.{i}");
            x = x.Then(t => run.Compute(_attentions[i].call, t, text));
            run.EnterBlock($"{_name}.resnets.{i + 1}");
            x = x.Then(t => run.Compute(_resnets[i + 1].call, t, time));
        }

        return x;
    }
}
