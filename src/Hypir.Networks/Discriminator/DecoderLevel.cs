using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>The head on one feature map: blur, 3x3 convolution of stride 2, leaky ReLU, blur, 1x1 convolution of stride 2 to one logit a position.</summary>
internal sealed class DecoderLevel : NetworkModule<Tensor, Tensor>
{
    private readonly BlurPool _blurBefore;
    private readonly SpectralConv2d _reduce;
    private readonly BlurPool _blurAfter;
    private readonly SpectralConv2d _logits;

    public DecoderLevel(WeightScope weights, long inChannels, long channels)
        : base(nameof(DecoderLevel))
    {
        _blurBefore = this.Child("0", new BlurPool(weights["0"], inChannels, extraPadding: 1));
        _reduce = this.Child("1", new SpectralConv2d(weights["1"], inChannels, channels, 3));
        _blurAfter = this.Child("3", new BlurPool(weights["3"], channels));
        _logits = this.Child("4", new SpectralConv2d(weights["4"], channels, 1, 1));
    }

    /// <summary>(B, C, H, W) → (B, h, w).</summary>
    public override Tensor forward(Tensor x) =>
        _blurBefore.call(x).Then(_reduce.call).Then(MultiLevelDecoder.Activate).Then(_blurAfter.call).Then(_logits.call).Then(t => t.squeeze(1));
}
