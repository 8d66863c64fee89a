using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>Latent to picture: <c>conv_in</c>, mid block, levels up, <c>conv_norm_out</c>, <c>conv_out</c>.</summary>
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
        ResnetStyle style = AutoencoderKL.Style(config);
        _activation = Activation.Named(config.Activation);
        _convIn = this.Child("conv_in", new Conv2d(weights["conv_in"], config.LatentChannels, channels[^1], 3, padding: 1));
        _midBlock = this.Child("mid_block", new VaeMidBlock(weights["mid_block"], config, style));
        _upBlocks = this.Children("up_blocks", Enumerable.Range(0, channels.Count).Select(i => VaeLevel.Up(weights[$"up_blocks.{i}"], config, i, style)));
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
