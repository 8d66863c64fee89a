using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = Hypir.Networks.Layers.Linear;

namespace Hypir.Networks.SinglePass.GfpGan;

/// <summary>
/// A convolution whose kernel a style code scales by input channel (Karras et al., Analyzing and Improving the Image Quality of StyleGAN,
/// 2020); with demodulation, each output channel's kernel is brought to length 1 again.
/// </summary>
internal sealed class ModulatedConv2d : NetworkModule<Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-8;
    private readonly Linear _modulation;
    private readonly Parameter _weight;
    private readonly bool _demodulates;
    private readonly long _padding;

    public ModulatedConv2d(WeightScope weights, long inChannels, long outChannels, long kernel, long styleWidth, bool demodulates)
        : base(nameof(ModulatedConv2d))
    {
        (_demodulates, _padding) = (demodulates, kernel / 2);
        _modulation = this.Child("modulation", new Linear(weights["modulation"], styleWidth, inChannels));
        _weight = this.Own("weight", weights.Parameter("weight", 1, outChannels, inChannels, kernel, kernel));
    }

    /// <summary>(B, in, H, W) by (B, style width) → (B, out, H, W).</summary>
    public override Tensor forward(Tensor x, Tensor style)
    {
        using var scope = NewDisposeScope();
        long batch = x.shape[0], height = x.shape[2], width = x.shape[3];
        Tensor weight = _weight * _modulation.call(style).reshape(batch, 1, -1, 1, 1);
        if (_demodulates)
            weight = weight * weight.Squared().sum([2, 3, 4], keepdim: true).Plus(Epsilon).rsqrt();
        Tensor kernels = weight.flatten(0, 1);
        // A kernel for each image: the batch becomes groups of channels.
        Tensor y = batch == 1
            ? WholeBlocks.Convolve(x, kernels, null, padding: _padding)
            : nn.functional.conv2d(x.reshape(1, -1, height, width), kernels, padding: [_padding, _padding], groups: batch);
        return y.reshape(batch, -1, height, width).MoveToOuterDisposeScope();
    }
}

/// <summary>A modulated convolution, noise, a bias and a leaky ReLU.</summary>
internal sealed class StyleConv : NetworkModule
{
    private const double Slope = 0.2;
    private readonly ModulatedConv2d _convolution;
    private readonly Parameter _noiseWeight;
    private readonly Parameter _bias;
    private readonly bool _doubles;

    public StyleConv(WeightScope weights, long inChannels, long outChannels, long styleWidth, bool doubles)
        : base(nameof(StyleConv))
    {
        _doubles = doubles;
        _convolution = this.Child(
            "modulated_conv", new ModulatedConv2d(weights["modulated_conv"], inChannels, outChannels, 3, styleWidth, demodulates: true));
        _noiseWeight = this.Own("weight", weights.Parameter("weight", 1));
        _bias = this.Own("bias", weights.Parameter("bias", 1, outChannels, 1, 1));
    }

    /// <summary>(B, in, H, W) → (B, out, H, W), or twice as high and wide; the caller owns the result, and the inputs.</summary>
    public Tensor Forward(Tensor x, Tensor style, Tensor noise)
    {
        Tensor enlarged = _doubles ? Doubling.Bilinear(x) : x.alias();
        using Tensor added = _noiseWeight * noise;
        return enlarged
            .Then(t => _convolution.call(t, style))
            .Then(t => t.Times(Math.Sqrt(2)))
            .Then(t => t.Plus(added))
            .Then(t => t.Plus(_bias))
            .Then(t => t.LeakyRelu(Slope));
    }
}

/// <summary>The generator's features at one size as a color image, added to that of the size below.</summary>
internal sealed class ToRgb : NetworkModule
{
    private readonly ModulatedConv2d _convolution;
    private readonly Parameter _bias;

    public ToRgb(WeightScope weights, long inChannels, long styleWidth)
        : base(nameof(ToRgb))
    {
        _convolution = this.Child(
            "modulated_conv", new ModulatedConv2d(weights["modulated_conv"], inChannels, 3, 1, styleWidth, demodulates: false));
        _bias = this.Own("bias", weights.Parameter("bias", 1, 3, 1, 1));
    }

    /// <summary>(B, in, H, W) → (B, 3, H, W), owned by the caller; <paramref name="below"/> is half as large and is disposed.</summary>
    public Tensor Forward(Tensor x, Tensor style, Tensor? below)
    {
        Tensor image = _convolution.call(x, style).Then(t => t.Plus(_bias));
        return below is null ? image : image.PlusOwned(below.Then(Doubling.Bilinear));
    }
}

/// <summary>Changes of size by 2.</summary>
internal static class Doubling
{
    public static Tensor Bilinear(Tensor x) => To(x, 2 * x.shape[2], 2 * x.shape[3]);

    public static Tensor Halved(Tensor x) => To(x, x.shape[2] / 2, x.shape[3] / 2);

    private static Tensor To(Tensor x, long height, long width) =>
        nn.functional.interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}
