using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Layers;

/// <summary>
/// Residual block: norm, activation and 3x3 convolution, twice, with a shortcut; the time embedding, if any, is added between the two.
/// </summary>
public sealed class ResnetBlock2D : NetworkModule<Tensor, Tensor?, Tensor>
{
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly Linear? _timeEmbProj;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _convShortcut;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _outputScale;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result; there is a 1x1 <c>conv_shortcut</c> if they differ.</param>
    /// <param name="style">Settings shared by all residual blocks of a network.</param>
    public ResnetBlock2D(WeightScope weights, long inChannels, long outChannels, ResnetStyle style)
        : base(nameof(ResnetBlock2D))
    {
        (_activation, _outputScale) = (Activation.Named(style.Activation), style.OutputScale);
        _norm1 = this.Child("norm1", new GroupNorm(weights["norm1"], style.Groups, inChannels, style.Epsilon));
        _conv1 = this.Child("conv1", new Conv2d(weights["conv1"], inChannels, outChannels, 3, padding: 1));
        if (style.TimeWidth is long width)
            _timeEmbProj = this.Child("time_emb_proj", new Linear(weights["time_emb_proj"], width, outChannels));
        _norm2 = this.Child("norm2", new GroupNorm(weights["norm2"], style.Groups, outChannels, style.Epsilon));
        _conv2 = this.Child("conv2", new Conv2d(weights["conv2"], outChannels, outChannels, 3, padding: 1));
        if (inChannels != outChannels)
            _convShortcut = this.Child("conv_shortcut", new Conv2d(weights["conv_shortcut"], inChannels, outChannels, 1));
    }

    /// <summary>Computes the block.</summary>
    /// <param name="x">(B, in, H, W).</param>
    /// <param name="time">(B, time width), or null in a network without time.</param>
    /// <returns>(B, out, H, W).</returns>
    public override Tensor forward(Tensor x, Tensor? time)
    {
        Tensor h = _norm1.call(x).Then(_activation).Then(_conv1.call);
        if (_timeEmbProj is not null && time is not null)
            h = h.PlusOwned(_activation(time).Then(_timeEmbProj.call).Then(t => t.unsqueeze(-1)).Then(t => t.unsqueeze(-1)));
        h = h.Then(_norm2.call).Then(_activation).Then(_conv2.call);
        h = _convShortcut is null ? h.Then(t => x.Plus(t)) : _convShortcut.call(x).PlusOwned(h);
        return _outputScale == 1 ? h : h.Then(t => t.DividedBy(_outputScale));
    }
}

/// <summary>Enlarges by repeating pixels, then smooths with a 3x3 convolution.</summary>
public sealed class Upsample2D : NetworkModule<Tensor, long[], Tensor>
{
    private readonly Conv2d _conv;

    /// <summary>Takes its weights from the scope.</summary>
    public Upsample2D(WeightScope weights, long channels)
        : base(nameof(Upsample2D)) => _conv = this.Child("conv", new Conv2d(weights["conv"], channels, channels, 3, padding: 1));

    /// <summary>Computes the enlarged map.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="size">Height and width of the result: twice the input's, or one less if the size on the way down was odd.</param>
    public override Tensor forward(Tensor x, long[] size) =>
        nn.functional.interpolate(x, size: size, mode: InterpolationMode.Nearest).Then(_conv.call);
}

/// <summary>Halves height and width with a 3x3 convolution of stride 2.</summary>
public sealed class Downsample2D : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _conv;
    private readonly bool _padAfter;

    /// <summary>Takes its weights from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="channels">Channels of input and result.</param>
    /// <param name="padding">1 on all sides, or 0 for one row and column of zeros at the bottom and right, as in the VAE.</param>
    public Downsample2D(WeightScope weights, long channels, long padding)
        : base(nameof(Downsample2D))
    {
        _padAfter = padding == 0;
        _conv = this.Child("conv", new Conv2d(weights["conv"], channels, channels, 3, stride: 2, padding: padding));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) =>
        _padAfter ? nn.functional.pad(x, [0, 1, 0, 1]).Then(_conv.call) : _conv.call(x);
}
