using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Plksr;

/// <summary>
/// A block of PLKSR: two convolutions that mix channels, a large kernel for some of the channels, a weight for each number, a 1x1
/// convolution, all around a residual.
/// </summary>
internal sealed class PlksrBlock : NetworkModule<Tensor, Tensor>
{
    private readonly ChannelNorm? _positionNorm;
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly Conv2d _large;
    private readonly Conv2d? _attention;
    private readonly Conv2d _refine;
    private readonly GroupNorm? _norm;
    private readonly PlksrOutline _outline;

    public PlksrBlock(WeightScope weights, PlksrOutline outline)
        : base(nameof(PlksrBlock))
    {
        _outline = outline;
        long width = outline.Features;
        _positionNorm = outline.PositionNorm
            ? this.Child("layer_norm", new ChannelNorm(weights["layer_norm"], width, PlksrOutline.PositionEpsilon))
            : null;
        string mixerName = PlksrOutline.MixerName(outline.Real);
        ModuleGroup mixer = this.Child(mixerName, new ModuleGroup(mixerName));
        WeightScope mixing = weights[mixerName];
        _first = mixer.Child("0", Same(mixing["0"], width, 2 * width, outline.Mixer.First));
        _second = mixer.Child("2", Same(mixing["2"], 2 * width, width, outline.Mixer.Second));
        _large = this.Child("lk", new ModuleGroup("lk"))
            .Child("conv", Same(weights["lk.conv"], outline.Partial, outline.Partial, outline.Kernel));
        _attention = outline.ElementAttention
            ? this.Child("attn", new ModuleGroup("attn")).Child("f", new ModuleGroup("f"))
                .Child("0", Same(weights["attn.f.0"], width, width, 3))
            : null;
        _refine = this.Child("refine", new Conv2d(weights["refine"], width, width, 1));
        _norm = outline.NormalizesGroups
            ? this.Child("norm", new GroupNorm(weights["norm"], PlksrOutline.NormGroups, width, PlksrOutline.GroupEpsilon))
            : null;

        static Conv2d Same(WeightScope weights, long from, long to, long kernel) => new(weights, from, to, kernel, padding: kernel / 2);
    }

    /// <summary>(B, C, H, W) → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor h = _positionNorm?.call(x) ?? x.alias();
        h = h.Then(_first.call).Then(t => _outline.Real ? t.Mish() : nn.functional.gelu(t)).Then(_second.call).Then(Large);
        if (_attention is { } attention)
            h = h.Then(t => attention.call(t).Then(u => sigmoid(u)).Then(u => t * u));
        h = h.Then(_refine.call);
        if (_norm is { } norm)
            h = h.Then(norm.call);
        return h.Then(t => t.Plus(x));
    }

    private Tensor Large(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor part = x.narrow(1, 0, _outline.Partial), rest = x.narrow(1, _outline.Partial, x.shape[1] - _outline.Partial);
        return cat([_large.call(part), rest], 1).MoveToOuterDisposeScope();
    }
}
