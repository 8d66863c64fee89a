using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>Picture to moments: <c>conv_in</c>, levels down, mid block, <c>conv_norm_out</c>, <c>conv_out</c>.</summary>
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
        ResnetStyle style = AutoencoderKL.Style(config);
        _activation = Activation.Named(config.Activation);
        _convIn = this.Child("conv_in", new Conv2d(weights["conv_in"], config.InChannels, channels[0], 3, padding: 1));
        _downBlocks = this.Children("down_blocks", Enumerable.Range(0, channels.Count).Select(i => VaeLevel.Down(weights[$"down_blocks.{i}"], config, i, style)));
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
