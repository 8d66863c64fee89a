using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// <see cref="ResnetBlock2D"/> on channels-last maps; the time embedding's contribution enters as the first convolution's bias.
/// </summary>
internal sealed class FastResnet
{
    private readonly FastNorm _norm1;
    private readonly FastConv _conv1;
    private readonly FastLinear? _time;
    private readonly FastNorm _norm2;
    private readonly FastConv _conv2;
    private readonly FastLinear? _shortcut;
    private readonly Tensor? _matrix;
    private readonly Tensor? _bothBiases;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _outputScale;

    /// <inheritdoc cref="ResnetBlock2D(WeightScope, long, long, ResnetStyle)"/>
    public FastResnet(KeptTensors kept, WeightScope weights, long inChannels, long outChannels, ResnetStyle style)
    {
        (_activation, _outputScale) = (Activation.Named(style.Activation), style.OutputScale);
        _norm1 = new FastNorm(kept, weights["norm1"], style.Groups, inChannels, style.Epsilon, style.Activation);
        _conv1 = new FastConv(kept, weights["conv1"], inChannels, outChannels, 3);
        if (style.TimeWidth is long width)
            _time = new FastLinear(kept, width, outChannels, true, weights["time_emb_proj"]);
        _norm2 = new FastNorm(kept, weights["norm2"], style.Groups, outChannels, style.Epsilon, style.Activation);
        _conv2 = new FastConv(kept, weights["conv2"], outChannels, outChannels, 3);
        if (inChannels == outChannels)
            return;
        var shortcut = new WeightScope(new FlatKernel(weights["conv_shortcut"]));
        if (!_conv2.TakesShortcut)
        {
            _shortcut = new FastLinear(kept, inChannels, outChannels, true, shortcut);
            return;
        }

        using Tensor matrix = shortcut.Tensor("weight", outChannels, inChannels), bias = shortcut.Tensor("bias", outChannels);
        _matrix = kept.Keep(matrix.t().contiguous());
        _bothBiases = kept.Keep(_conv2.Bias.Plus(bias));
    }

    /// <summary>The first convolution's bias at a given time.</summary>
    /// <param name="time">Time embedding, (1, width).</param>
    /// <returns>(out channels), owned by the caller.</returns>
    public Tensor BiasAt(Tensor time)
    {
        using var scope = NewDisposeScope();
        return _conv1.Bias.Plus(_time!.Forward(_activation(time)).flatten()).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the block.</summary>
    /// <param name="x">(B, H, W, in).</param>
    /// <param name="bias">From <see cref="BiasAt"/>, or null in a network without time.</param>
    /// <returns>(B, H, W, out), owned by the caller.</returns>
    public FastMap Forward(FastMap x, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        using FastMap h = _conv1.Forward(x, _norm1, bias: bias);
        FastMap y = _matrix is null ? Sum(x, h) : _conv2.Forward(h, _norm2, shortcut: new(x, _matrix), bias: _bothBiases);
        return (_outputScale == 1 ? y : y.DividedBy(_outputScale)).MoveToOuterDisposeScope();
    }

    private FastMap Sum(FastMap x, FastMap h)
    {
        using Tensor? other = _shortcut?.Forward(x.Whole());
        return _conv2.Forward(h, _norm2, residual: other ?? x.Whole());
    }
}

/// <summary>The transition between levels: a 3x3 convolution that halves a map, or follows its enlargement.</summary>
internal sealed class FastSampler
{
    private readonly FastConv _conv;
    private readonly bool _padAfter;

    private FastSampler(FastConv conv, bool padAfter = false) => (_conv, _padAfter) = (conv, padAfter);

    /// <inheritdoc cref="Layers.Downsample2D(WeightScope, long, long)"/>
    public static FastSampler Down(KeptTensors kept, WeightScope weights, long channels, long padding) =>
        new(new FastConv(kept, weights["conv"], channels, channels, 3, stride: 2, padding: padding), padding == 0);

    /// <inheritdoc cref="Layers.Upsample2D(WeightScope, long)"/>
    public static FastSampler Up(KeptTensors kept, WeightScope weights, long channels) =>
        new(new FastConv(kept, weights["conv"], channels, channels, 3));

    /// <summary>Halves a map.</summary>
    public FastMap Halve(FastMap x)
    {
        using var scope = NewDisposeScope();
        return _conv.Forward(_padAfter ? new(nn.functional.pad(x.Whole(), [0, 0, 0, 1, 0, 1])) : x).MoveToOuterDisposeScope();
    }

    /// <summary>Enlarges a map to a size.</summary>
    public FastMap Enlarge(FastMap x, long height, long width) => _conv.Forward(x, enlarged: (height, width));
}
