using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>One level of the way up: residual blocks that each take a skip, followed by cross-attention where the level has it, then an upsampler.</summary>
internal sealed class UNetUpBlock : NetworkModule
{
    private readonly string _name;
    private readonly ResnetBlock2D[] _resnets;
    private readonly Transformer2DModel[] _attentions;
    private readonly Upsample2D? _upsampler;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="config">The network's configuration.</param>
    /// <param name="index">Position on the way up: 0 is the lowest level.</param>
    public UNetUpBlock(WeightScope weights, UNetConfig config, int index)
        : base(nameof(UNetUpBlock))
    {
        _name = weights.Prefix;
        IReadOnlyList<long> channels = config.BlockOutChannels;
        int level = channels.Count - 1 - index, layers = config.LayersPerBlock[level] + 1;
        long outChannels = channels[level], below = channels[Math.Min(level + 1, channels.Count - 1)], above = channels[Math.Max(level - 1, 0)];
        ResnetStyle style = UNet2DConditionModel.Style(config, config.ResnetOutScale);
        _attentions = config.UpAttention[index]
            ? this.Children("attentions", Enumerable.Range(0, layers).Select(i => new Transformer2DModel(weights[$"attentions.{i}"], config, level)))
            : [];
        _resnets = this.Children("resnets", Enumerable.Range(0, layers).Select(i => new ResnetBlock2D(weights[$"resnets.{i}"],
            (i == 0 ? below : outChannels) + (i == layers - 1 ? above : outChannels), outChannels, style)));
        if (level > 0)
            _upsampler = this.Children("upsamplers", [new Upsample2D(weights["upsamplers.0"], outChannels)])[0];
    }

    /// <summary>Computes the level.</summary>
    /// <param name="x">What comes from below; it is disposed.</param>
    /// <param name="time">Time embedding.</param>
    /// <param name="text">Text embedding.</param>
    /// <param name="skips">Results of the way down; those of this level are taken and disposed. The next one's size is the upsampler's.</param>
    /// <param name="run">Watches.</param>
    /// <returns>The result, owned by the caller.</returns>
    public Tensor Forward(Tensor x, Tensor time, Tensor text, Stack<Tensor> skips, NetworkRun run)
    {
        for (int i = 0; i < _resnets.Length; i++)
        {
            run.EnterBlock($"{_name}.resnets.{i}");
            Tensor skip = skips.Pop();
            x = x.Then(t => run.Compute((below, beside) => cat([below, beside], 1), t, skip));
            skip.Dispose();
            x = x.Then(t => run.Compute(_resnets[i].call, t, time));
            if (_attentions.Length > 0)
            {
                run.EnterBlock($"{_name}.attentions.{i}");
                x = x.Then(t => run.Compute(_attentions[i].call, t, text));
            }
        }

        if (_upsampler is not null)
        {
            run.EnterBlock($"{_name}.upsamplers.0");
            long[] size = skips.Peek().shape[2..];
            x = x.Then(t => run.Compute(small => _upsampler.call(small, size), t));
        }

        return x;
    }
}
