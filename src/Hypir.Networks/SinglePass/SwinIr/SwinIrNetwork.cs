using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.SwinIr;

/// <summary>SwinIR, as <see cref="SwinIrFamily"/> describes it.</summary>
public sealed class SwinIrNetwork : SinglePassNetwork
{
    private readonly SwinIrOutline _outline;
    private readonly Conv2d _first;
    private readonly LayerNorm? _entryNorm;
    private readonly SwinIrGroup[] _groups;
    private readonly LayerNorm _norm;
    private readonly GroupConvolution _afterBody;
    private readonly ImageHead _output;
    private readonly bool _centered;

    /// <summary>Takes its weights from the scope.</summary>
    public SwinIrNetwork(SwinIrOutline outline, WeightScope weights)
        : base(nameof(SwinIrNetwork))
    {
        _outline = outline;
        _first = this.Child("conv_first", new Conv2d(weights["conv_first"], outline.InChannels, outline.Features, 3, padding: 1));
        _entryNorm = outline.EntryNorm
            ? this.Child("patch_embed", new ModuleGroup("patch_embed"))
                .Child("norm", new LayerNorm(weights["patch_embed.norm"], outline.Features))
            : null;
        _groups = this.Children(
            "layers",
            Enumerable.Range(0, outline.Depths.Count).Select(i =>
                new SwinIrGroup(weights[$"layers.{i}"], outline, outline.Depths[i], outline.Heads[i])));
        _norm = this.Child("norm", new LayerNorm(weights["norm"], outline.Features));
        _afterBody = this.Child(
            "conv_after_body", new GroupConvolution(weights["conv_after_body"], outline.Features, outline.ThreeConvolutions));
        _output = new ImageHead(this, weights, outline.Head);
        _centered = outline.InChannels == SwinIrOutline.Mean.Count;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        // The mean is in float32, as the network was trained with it.
        Tensor? mean = _centered ? tensor([.. SwinIrOutline.Mean]).to(x.dtype, x.device).view(1, -1, 1, 1) : null;
        Tensor image = Margins.Add(x, _outline.Window, PaddingModes.Reflect);
        if (mean is not null)
            image = image.Then(t => t - mean);
        image = image.Then(t => t.Times(_outline.Range));
        run.EnterBlock("conv_first");
        Tensor first = _first.call(image);
        Tensor h = first.permute(0, 2, 3, 1);
        if (_entryNorm is { } norm)
            h = h.Then(norm.call);
        foreach (SwinIrGroup group in _groups)
            h = group.Forward(h, run);
        run.EnterBlock("conv_after_body");
        h = h.Then(_norm.call).Then(t => t.permute(0, 3, 1, 2)).Then(_afterBody.call).PlusOwned(first);
        h = _output.Forward(h, run);
        if (_outline.Head.Kind == ImageHeadKind.Residual)
            h = h.PlusOwned(image);
        h = h.Then(t => t.DividedBy(_outline.Range));
        if (mean is not null)
            h = h.Then(t => t.Plus(mean));
        return Margins.Remove(h, _outline.Scale * x.shape[2], _outline.Scale * x.shape[3]).MoveToOuterDisposeScope();
    }
}
