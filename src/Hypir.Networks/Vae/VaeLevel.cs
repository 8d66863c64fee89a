using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>One level of the encoder or the decoder: residual blocks, then a sampler towards the next level where there is one.</summary>
internal sealed class VaeLevel : NetworkModule
{
    private readonly string _name;
    private readonly ResnetBlock2D[] _resnets;
    private readonly Downsample2D? _downsampler;
    private readonly Upsample2D? _upsampler;

    private VaeLevel(WeightScope weights, long inChannels, long outChannels, int layers, ResnetStyle style, bool down, bool up)
        : base(nameof(VaeLevel))
    {
        _name = weights.Prefix;
        _resnets = this.Children("resnets", Enumerable.Range(0, layers).Select(i =>
            new ResnetBlock2D(weights[$"resnets.{i}"], i == 0 ? inChannels : outChannels, outChannels, style)));
        if (down)
            _downsampler = this.Children("downsamplers", [new Downsample2D(weights["downsamplers.0"], outChannels, padding: 0)])[0];
        if (up)
            _upsampler = this.Children("upsamplers", [new Upsample2D(weights["upsamplers.0"], outChannels)])[0];
    }

    /// <summary>Level <paramref name="index"/> of the encoder, counted from full resolution.</summary>
    public static VaeLevel Down(WeightScope weights, VaeConfig config, int index, ResnetStyle style)
    {
        IReadOnlyList<long> channels = config.BlockOutChannels;
        return new VaeLevel(weights, channels[Math.Max(index - 1, 0)], channels[index], config.LayersPerBlock, style, index < channels.Count - 1, false);
    }

    /// <summary>Level <paramref name="index"/> of the decoder, counted from the lowest resolution.</summary>
    public static VaeLevel Up(WeightScope weights, VaeConfig config, int index, ResnetStyle style)
    {
        IReadOnlyList<long> channels = config.BlockOutChannels;
        int level = channels.Count - 1 - index;
        return new VaeLevel(weights, channels[Math.Min(level + 1, channels.Count - 1)], channels[level], config.LayersPerBlock + 1, style, false, level > 0);
    }

    /// <summary>Computes the level; its input is disposed, the caller owns the result.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        for (int i = 0; i < _resnets.Length; i++)
        {
            run.EnterBlock($"{_name}.resnets.{i}");
            ResnetBlock2D resnet = _resnets[i];
            x = x.Then(t => run.Compute(u => resnet.call(u, null), t));
        }

        if (_downsampler is not null)
        {
            run.EnterBlock($"{_name}.downsamplers.0");
            x = x.Then(t => run.Compute(_downsampler.call, t));
        }

        if (_upsampler is not null)
        {
            run.EnterBlock($"{_name}.upsamplers.0");
            long[] size = [2 * x.shape[2], 2 * x.shape[3]];
            x = x.Then(t => run.Compute(small => _upsampler.call(small, size), t));
        }

        return x;
    }
}
