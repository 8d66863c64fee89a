using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Plksr;

/// <summary>PLKSR or RealPLKSR, as <see cref="PlksrFamily"/> describes them.</summary>
public sealed class PlksrNetwork : SinglePassNetwork
{
    private readonly PlksrOutline _outline;
    private readonly Conv2d _first;
    private readonly PlksrBlock[] _blocks;
    private readonly Conv2d _last;
    private readonly DySample? _sample;

    /// <summary>Takes its weights from the scope.</summary>
    public PlksrNetwork(PlksrOutline outline, WeightScope weights)
        : base(nameof(PlksrNetwork))
    {
        _outline = outline;
        (long width, long shuffled) = (outline.Features, PlksrOutline.Channels * outline.Scale * outline.Scale);
        ModuleGroup feats = this.Child("feats", new ModuleGroup("feats"));
        _first = feats.Child("0", new Conv2d(weights["feats.0"], PlksrOutline.Channels, width, 3, padding: 1));
        _blocks =
        [
            .. Enumerable.Range(1, outline.LargeBlocks).Select(i => feats.Child($"{i}", new PlksrBlock(weights[$"feats.{i}"], outline))),
        ];
        _last = feats.Child(outline.LastName["feats.".Length..], new Conv2d(weights[outline.LastName], width, shuffled, 3, padding: 1));
        _sample = outline.SampleGroups is long groups ? this.Child("to_img", Sample(groups)) : null;

        DySample Sample(long groups) =>
            new(weights["to_img"], shuffled, PlksrOutline.Channels, outline.Scale, groups, outline.SampleConvolution);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        run.EnterBlock("feats.0");
        Tensor h = _first.call(x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"feats.{i + 1}");
            h = h.Then(_blocks[i].call);
        }

        run.EnterBlock(_outline.LastName);
        Tensor repeated = x.repeat_interleave((long)_outline.Scale * _outline.Scale, 1);
        h = h.Then(_last.call).PlusOwned(repeated);
        if (_sample is { } sample)
        {
            run.EnterBlock("to_img");
            return h.Then(sample.call).MoveToOuterDisposeScope();
        }

        return h.Then(t => nn.functional.pixel_shuffle(t, _outline.Scale)).MoveToOuterDisposeScope();
    }
}
