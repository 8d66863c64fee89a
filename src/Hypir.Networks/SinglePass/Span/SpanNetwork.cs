using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Span;

/// <summary>SPAN, as <see cref="SpanFamily"/> describes it.</summary>
public sealed class SpanNetwork : SinglePassNetwork
{
    private readonly int _scale;
    private readonly MergedConvolution _first;
    private readonly SpanBlock[] _blocks;
    private readonly MergedConvolution _second;
    private readonly Conv2d _join;
    private readonly Conv2d _upsampler;
    private readonly bool _centered;

    /// <summary>Takes its weights from the scope.</summary>
    public SpanNetwork(SpanOutline outline, WeightScope weights)
        : base(nameof(SpanNetwork))
    {
        (_scale, _centered) = (outline.Scale, outline.Centered);
        long features = outline.Features, spread = (long)outline.OutChannels * _scale * _scale;
        _first = this.Child("conv_1", new MergedConvolution(weights["conv_1"], outline.InChannels, features));
        _blocks =
        [
            .. Enumerable.Range(1, SpanOutline.AttentionBlocks).Select(i =>
                this.Child($"block_{i}", new SpanBlock(weights[$"block_{i}"], features))),
        ];
        _join = this.Child("conv_cat", new Conv2d(weights["conv_cat"], 4 * features, features, 1));
        _second = this.Child("conv_2", new MergedConvolution(weights["conv_2"], features, features));
        _upsampler = this.Children("upsampler", [new Conv2d(weights["upsampler.0"], features, spread, 3, padding: 1)])[0];
        // A mark without a meaning of its own: that it is there says that the image is not centered.
        if (!_centered)
            this.OwnBuffer("no_norm", weights.Buffer("no_norm", 1));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        run.EnterBlock("conv_1");
        Tensor first = (_centered ? Centered(x) : x.alias()).Then(_first.call);
        Tensor afterFirst = null!, inLast = null!, h = first.alias();
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"block_{i + 1}");
            (Tensor result, Tensor inner) = _blocks[i].Forward(h);
            if (i == _blocks.Length - 1)
                inLast = inner;
            else
                inner.Dispose();
            if (i == 1)
                afterFirst = h;
            else
                h.Dispose();
            h = result;
        }

        run.EnterBlock("conv_2");
        h = h.Then(_second.call).Then(t => cat([first, t, afterFirst, inLast], 1)).Then(_join.call);
        run.EnterBlock("upsampler.0");
        return h.Then(_upsampler.call).Then(t => nn.functional.pixel_shuffle(t, _scale)).MoveToOuterDisposeScope();
    }

    private static Tensor Centered(Tensor x)
    {
        // The mean is in float32, as the network was trained with it.
        using Tensor mean = tensor([.. SpanOutline.Mean]), like = mean.to(x.dtype, x.device), colors = like.view(1, -1, 1, 1);
        return (x - colors).Then(t => t.Times(SpanOutline.Range));
    }
}

/// <summary>Three convolutions with SiLU between; input and result together are weighted by the result's sigmoid, less one half.</summary>
internal sealed class SpanBlock : NetworkModule
{
    private readonly MergedConvolution[] _convolutions;

    public SpanBlock(WeightScope weights, long width)
        : base(nameof(SpanBlock)) =>
        _convolutions =
        [
            .. Enumerable.Range(1, 3).Select(i => this.Child($"c{i}_r", new MergedConvolution(weights[$"c{i}_r"], width, width))),
        ];

    /// <summary>The block's result and its first convolution's, activated; the caller owns both.</summary>
    /// <param name="x">(B, C, H, W).</param>
    public (Tensor Result, Tensor Inner) Forward(Tensor x)
    {
        Tensor inner = _convolutions[0].call(x).Then(t => nn.functional.silu(t));
        Tensor third = _convolutions[1].call(inner).Then(t => nn.functional.silu(t)).Then(_convolutions[2].call);
        using Tensor weight = sigmoid(third).Then(t => t.Minus(0.5));
        return (third.Then(t => t.Plus(x)).Then(t => t * weight), inner);
    }
}
