using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>
/// One level of the way down: residual blocks, each followed by cross-attention if the level has it, then a downsampler.
/// </summary>
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
        ResnetStyle style = UNetOutline.Style(config, config.ResnetOutScale);
        int layers = config.LayersPerBlock[level];
        _attentions = config.DownAttention[level]
            ? this.Children(
                "attentions", Enumerable.Range(0, layers).Select(i => new Transformer2DModel(weights[$"attentions.{i}"], config, level)))
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
    /// <param name="x">The input: the last entry of <paramref name="skips"/>.</param>
    /// <param name="time">Time embedding.</param>
    /// <param name="text">Text embedding.</param>
    /// <param name="skips">Receives each result, for the way up, and owns them.</param>
    /// <param name="run">Observes and cancels.</param>
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

/// <summary>The lowest level: a residual block, then with attention a transformer and a second residual block.</summary>
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
        ResnetStyle style = UNetOutline.Style(config, config.MidBlockScale);
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

/// <summary>
/// One level of the way up: residual blocks that each take a skip, followed by cross-attention if the level has it, then an upsampler.
/// </summary>
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
        int level = channels.Count - 1 - index,
            layers = config.LayersPerBlock[level] + 1;
        long outChannels = channels[level],
            below = channels[Math.Min(level + 1, channels.Count - 1)],
            above = channels[Math.Max(level - 1, 0)];
        ResnetStyle style = UNetOutline.Style(config, config.ResnetOutScale);
        _attentions = config.UpAttention[index]
            ? this.Children(
                "attentions", Enumerable.Range(0, layers).Select(i => new Transformer2DModel(weights[$"attentions.{i}"], config, level)))
            : [];
        _resnets = this.Children("resnets", Enumerable.Range(0, layers).Select(i => new ResnetBlock2D(weights[$"resnets.{i}"],
            (i == 0 ? below : outChannels) + (i == layers - 1 ? above : outChannels), outChannels, style)));
        if (level > 0)
            _upsampler = this.Children("upsamplers", [new Upsample2D(weights["upsamplers.0"], outChannels)])[0];
    }

    /// <summary>Computes the level.</summary>
    /// <param name="x">The result of the level below; it is disposed.</param>
    /// <param name="time">Time embedding.</param>
    /// <param name="text">Text embedding.</param>
    /// <param name="skips">Results of the way down; this level's are removed and disposed. The next one determines the upsampler's
    /// size.</param>
    /// <param name="run">Observes and cancels.</param>
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
