using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>Image to moments: <c>conv_in</c>, levels down, mid block, <c>conv_norm_out</c>, <c>conv_out</c>.</summary>
internal sealed class VaeEncoder : NetworkModule
{
    private readonly Conv2d _convIn;
    private readonly VaeLevel[] _downBlocks;
    private readonly VaeMidBlock _midBlock;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;
    private readonly Func<Tensor, Tensor> _activation;

    public VaeEncoder(WeightScope weights, VaeConfig config)
        : base(nameof(VaeEncoder))
    {
        IReadOnlyList<long> channels = config.BlockOutChannels;
        ResnetStyle style = VaeOutline.Style(config);
        _activation = Activation.Named(config.Activation);
        _convIn = this.Child("conv_in", new Conv2d(weights["conv_in"], config.InChannels, channels[0], 3, padding: 1));
        _downBlocks = this.Children(
            "down_blocks", Enumerable.Range(0, channels.Count).Select(i => VaeLevel.Down(weights[$"down_blocks.{i}"], config, i, style)));
        _midBlock = this.Child("mid_block", new VaeMidBlock(weights["mid_block"], config, style));
        _convNormOut = this.Child("conv_norm_out", new GroupNorm(weights["conv_norm_out"], style.Groups, channels[^1], style.Epsilon));
        _convOut = this.Child("conv_out", new Conv2d(weights["conv_out"], channels[^1], 2 * config.LatentChannels, 3, padding: 1));
    }

    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h = _convIn.call(x);
        foreach (VaeLevel level in _downBlocks)
            h = level.Forward(h, run);
        return _midBlock.Forward(h, run).Then(_convNormOut.call).Then(_activation).Then(_convOut.call);
    }
}

/// <summary>Latent to image: <c>conv_in</c>, mid block, levels up, <c>conv_norm_out</c>, <c>conv_out</c>.</summary>
internal sealed class VaeDecoder : NetworkModule
{
    private readonly Conv2d _convIn;
    private readonly VaeMidBlock _midBlock;
    private readonly VaeLevel[] _upBlocks;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;
    private readonly Func<Tensor, Tensor> _activation;

    public VaeDecoder(WeightScope weights, VaeConfig config)
        : base(nameof(VaeDecoder))
    {
        IReadOnlyList<long> channels = config.BlockOutChannels;
        ResnetStyle style = VaeOutline.Style(config);
        _activation = Activation.Named(config.Activation);
        _convIn = this.Child("conv_in", new Conv2d(weights["conv_in"], config.LatentChannels, channels[^1], 3, padding: 1));
        _midBlock = this.Child("mid_block", new VaeMidBlock(weights["mid_block"], config, style));
        _upBlocks = this.Children(
            "up_blocks", Enumerable.Range(0, channels.Count).Select(i => VaeLevel.Up(weights[$"up_blocks.{i}"], config, i, style)));
        _convNormOut = this.Child("conv_norm_out", new GroupNorm(weights["conv_norm_out"], style.Groups, channels[0], style.Epsilon));
        _convOut = this.Child("conv_out", new Conv2d(weights["conv_out"], channels[0], config.OutChannels, 3, padding: 1));
    }

    public Tensor Forward(Tensor z, NetworkRun run)
    {
        Tensor h = _midBlock.Forward(run.Compute(_convIn.call, z), run);
        foreach (VaeLevel level in _upBlocks)
            h = level.Forward(h, run);
        return h.Then(t => run.Compute(Leave, t));
    }

    private Tensor Leave(Tensor x) => _convNormOut.call(x).Then(_activation).Then(_convOut.call);
}

/// <summary>One level of the encoder or the decoder: residual blocks, then a sampler to the next level, if any.</summary>
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
        return new VaeLevel(
            weights, channels[Math.Max(index - 1, 0)], channels[index], config.LayersPerBlock, style, index < channels.Count - 1, false);
    }

    /// <summary>Level <paramref name="index"/> of the decoder, counted from the lowest resolution.</summary>
    public static VaeLevel Up(WeightScope weights, VaeConfig config, int index, ResnetStyle style)
    {
        IReadOnlyList<long> channels = config.BlockOutChannels;
        int level = channels.Count - 1 - index;
        return new VaeLevel(
            weights,
            channels[Math.Min(level + 1, channels.Count - 1)],
            channels[level],
            config.LayersPerBlock + 1,
            style,
            false,
            level > 0
        );
    }

    /// <summary>Computes the level; its input is disposed, and the caller owns the result.</summary>
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

/// <summary>The lowest level of encoder and decoder: residual block, attention if the model has it, residual block.</summary>
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
        _resnets = this.Children(
            "resnets", Enumerable.Range(0, 2).Select(i => new ResnetBlock2D(weights[$"resnets.{i}"], channels, channels, style)));
    }

    /// <summary>Computes the level; its input is disposed, and the caller owns the result.</summary>
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
