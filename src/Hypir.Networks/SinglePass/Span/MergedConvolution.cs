using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Span;

/// <summary>
/// A 3x3 convolution that was trained as three in a row (1x1, 3x3, 1x1) beside a 1x1 shortcut. All four are linear, so that one convolution
/// computes their sum: it is merged when the network is built, in the network's type. The file's own merged copy (<c>eval_conv</c>) may be
/// older than its parts, so it is not read.
/// </summary>
internal sealed class MergedConvolution : NetworkModule<Tensor, Tensor>
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;

    public MergedConvolution(WeightScope weights, long inChannels, long outChannels)
        : base(nameof(MergedConvolution))
    {
        using var scope = NewDisposeScope();
        long wideIn = SpanOutline.Gain * inChannels, wideOut = SpanOutline.Gain * outChannels;
        Tensor skip = weights.Tensor("sk.weight", outChannels, inChannels, 1, 1), skipBias = weights.Tensor("sk.bias", outChannels);
        Tensor enter = weights.Tensor("conv.0.weight", wideIn, inChannels, 1, 1), enterBias = weights.Tensor("conv.0.bias", wideIn);
        Tensor middle = weights.Tensor("conv.1.weight", wideOut, wideIn, 3, 3), middleBias = weights.Tensor("conv.1.bias", wideOut);
        Tensor leave = weights.Tensor("conv.2.weight", outChannels, wideOut, 1, 1), leaveBias = weights.Tensor("conv.2.bias", outChannels);
        Tensor leaving = leave.flatten(1);

        // Products over the channels between: (out, wide out) x (wide out, wide in, 9) x (wide in, in).
        Tensor entered = middle.flatten(2).transpose(1, 2).matmul(enter.flatten(1));
        Tensor kernel = leaving.matmul(entered.flatten(1)).reshape(outChannels, 3, 3, inChannels).permute(0, 3, 1, 2);
        Tensor weight = kernel.Plus(nn.functional.pad(skip, [1, 1, 1, 1]));
        Tensor bias = middle.sum([2, 3]).matmul(enterBias).Plus(middleBias);
        Tensor sum = leaving.matmul(bias).Plus(leaveBias).Plus(skipBias);
        _weight = this.OwnBuffer("weight", weight.contiguous()).DetachFromDisposeScope();
        _bias = this.OwnBuffer("bias", sum).DetachFromDisposeScope();
    }

    /// <summary>(B, in, H, W) → (B, out, H, W).</summary>
    public override Tensor forward(Tensor x) => WholeBlocks.Convolve(x, _weight, _bias, padding: 1);
}
