using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>The lowest level of encoder and decoder: residual, attention where the model has it, residual.</summary>
internal sealed class VaeMidBlock : NetworkModule
{
    private readonly string _name;
    private readonly ResnetBlock2D[] _resnets;
    private readonly SpatialAttention[] _attentions;

    public VaeMidBlock(WeightScope weights, VaeConfig config, ResnetStyle style)
        : base(nameof(VaeMidBlock))
    {
        _name = weights.Prefix;
        long channels = config.BlockOutChannels[^1];
        _attentions = config.MidBlockAttention
            ? this.Children("attentions", [new SpatialAttention(weights["attentions.0"], channels, style.Groups, style.Epsilon)])
            : [];
        _resnets = this.Children("resnets", Enumerable.Range(0, 2).Select(i => new ResnetBlock2D(weights[$"resnets.{i}"], channels, channels, style)));
    }

    /// <summary>Computes the level; its input is disposed, the caller owns the result.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        run.EnterBlock($"{_name}.resnets.0");
        x = x.Then(t => run.Compute(u => _resnets[0].call(u, null), t));
        foreach (SpatialAttention attention in _attentions)
        {
            run.EnterBlock($"{_name}.attentions.0");
            x = x.Then(t => run.Compute(attention.call, t));
        }

        run.EnterBlock($"{_name}.resnets.1");
        return x.Then(t => run.Compute(u => _resnets[1].call(u, null), t));
    }
}
