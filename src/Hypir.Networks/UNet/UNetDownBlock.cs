using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>One level of the way down: residual blocks, each followed by cross-attention where the level has it, then a downsampler.</summary>
internal sealed class UNetDownBlock : NetworkModule
{
    private readonly string _name;
    private readonly ResnetBlock2D[] _resnets;
    private readonly Transformer2DModel[] _attentions;
    private readonly Downsample2D? _downsampler;

    public UNetDownBlock(WeightScope weights, UNetConfig config, int level)
        : base(nameof(UNetDownBlock))
    {
        _name = weights.Prefix;
        long inChannels = config.BlockOutChannels[Math.Max(level - 1, 0)], outChannels = config.BlockOutChannels[level];
        ResnetStyle style = UNet2DConditionModel.Style(config, config.ResnetOutScale);
        int layers = config.LayersPerBlock[level];
        _attentions = config.DownAttention[level]
            ? this.Children("attentions", Enumerable.Range(0, layers).Select(i => new Transformer2DModel(weights[$"attentions.{i}"], config, level)))
            : [];
        _resnets = this.Children("resnets", Enumerable.Range(0, layers).Select(i =>
            new ResnetBlock2D(weights[$"resnets.{i}"], i == 0 ? inChannels : outChannels, outChannels, style)));
        if (level < config.BlockOutChannels.Count - 1)
        {
            _downsampler = this.Children("downsamplers",
                [new Downsample2D(weights["downsamplers.0"], outChannels, config.DownsamplePadding)])[0];
        }
    }

    /// <summary>Computes the level.</summary>
    /// <param name="x">What comes in: the last entry of <paramref name="skips"/>.</param>
    /// <param name="time">Time embedding.</param>
    /// <param name="text">Text embedding.</param>
    /// <param name="skips">Grows by each result, for the way up; it owns them.</param>
    /// <param name="run">Watches.</param>
    /// <returns>The last result, owned by <paramref name="skips"/>.</returns>
    public Tensor Forward(Tensor x, Tensor time, Tensor text, Stack<Tensor> skips, NetworkRun run)
    {
        for (int i = 0; i < _resnets.Length; i++)
        {
            run.EnterBlock($"{_name}.resnets.{i}");
            x = run.Compute(_resnets[i].call, x, time);
            if (_attentions.Length > 0)
            {
                run.EnterBlock($"{_name}.attentions.{i}");
                x = x.Then(t => run.Compute(_attentions[i].call, t, text));
            }

            skips.Push(x);
        }

        if (_downsampler is not null)
        {
            run.EnterBlock($"{_name}.downsamplers.0");
            x = run.Compute(_downsampler.call, x);
            skips.Push(x);
        }

        return x;
    }
}
