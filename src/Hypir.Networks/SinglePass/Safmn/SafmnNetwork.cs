using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Safmn;

/// <summary>SAFMN, as <see cref="SafmnFamily"/> describes it.</summary>
public sealed class SafmnNetwork : SinglePassNetwork
{
    private readonly int _scale;
    private readonly Conv2d _first;
    private readonly SafmnBlock[] _blocks;
    private readonly Conv2d _last;

    /// <summary>Takes its weights from the scope.</summary>
    public SafmnNetwork(SafmnOutline outline, WeightScope weights)
        : base(nameof(SafmnNetwork))
    {
        _scale = outline.Scale;
        _first = this.Child("to_feat", new Conv2d(weights["to_feat"], outline.InChannels, outline.Features, 3, padding: 1));
        _blocks = this.Children(
            "feats", Enumerable.Range(0, outline.ModulationBlocks).Select(i => new SafmnBlock(weights[$"feats.{i}"], outline)));
        _last = this.Children("to_img", [new Conv2d(weights["to_img.0"], outline.Features, outline.Spread, 3, padding: 1)])[0];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        run.EnterBlock("to_feat");
        Tensor first = _first.call(x), h = first.alias();
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"feats.{i}");
            h = h.Then(_blocks[i].call);
        }

        run.EnterBlock("to_img.0");
        return h.PlusOwned(first)
            .Then(_last.call)
            .Then(t => nn.functional.pixel_shuffle(t, _scale))
            .MoveToOuterDisposeScope();
    }
}

/// <summary>Modulation of features by their surroundings, then a mixer of channels, each after a norm and around a residual.</summary>
internal sealed class SafmnBlock : NetworkModule<Tensor, Tensor>
{
    private readonly ChannelNorm _norm1;
    private readonly DepthwiseConv2d[] _scales;
    private readonly Conv2d _join;
    private readonly ChannelNorm _norm2;
    private readonly Conv2d _widen;
    private readonly Conv2d _narrow;

    public SafmnBlock(WeightScope weights, SafmnOutline outline)
        : base(nameof(SafmnBlock))
    {
        (long features, long part) = (outline.Features, outline.Features / SafmnOutline.Levels);
        _norm1 = this.Child("norm1", new ChannelNorm(weights["norm1"], features, SafmnOutline.Epsilon));
        _norm2 = this.Child("norm2", new ChannelNorm(weights["norm2"], features, SafmnOutline.Epsilon));
        ModuleGroup modulation = this.Child("safm", new ModuleGroup("safm"));
        _scales = modulation.Children(
            "mfr", Enumerable.Range(0, SafmnOutline.Levels).Select(level => new DepthwiseConv2d(weights[$"safm.mfr.{level}"], part, 3)));
        _join = modulation.Child("aggr", new Conv2d(weights["safm.aggr"], features, features, 1));
        ModuleGroup mixer = this.Child("ccm", new ModuleGroup("ccm")).Child("ccm", new ModuleGroup("ccm"));
        _widen = mixer.Child("0", new Conv2d(weights["ccm.ccm.0"], features, outline.Hidden, 3, padding: 1));
        _narrow = mixer.Child("2", new Conv2d(weights["ccm.ccm.2"], outline.Hidden, features, 1));
    }

    /// <summary>(B, C, H, W), height and width multiples of 8 → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor y = _norm1.call(x).Then(Modulated).Then(t => x.Plus(t));
        return y.Then(t =>
            _norm2.call(t).Then(_widen.call).Then(u => nn.functional.gelu(u)).Then(_narrow.call).Then(u => t.Plus(u)));
    }

    private Tensor Modulated(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = x.chunk(SafmnOutline.Levels, 1);
        long[] size = [x.shape[2], x.shape[3]];
        for (int level = 0; level < parts.Length; level++)
        {
            int field = 1 << level;
            parts[level] = level == 0
                ? _scales[0].call(parts[0])
                : nn.functional.max_pool2d(parts[level], [field, field])
                    .Then(_scales[level].call)
                    .Then(t => nn.functional.interpolate(t, size: size, mode: InterpolationMode.Nearest));
        }

        Tensor joined = cat(parts, 1);
        return joined.Then(_join.call).Then(t => nn.functional.gelu(t)).Then(t => t * x).MoveToOuterDisposeScope();
    }
}
