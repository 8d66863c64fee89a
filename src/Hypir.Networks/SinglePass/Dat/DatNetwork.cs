using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Dat;

/// <summary>DAT, as <see cref="DatFamily"/> describes it.</summary>
public sealed class DatNetwork : SinglePassNetwork
{
    private readonly Conv2d _first;
    private readonly LayerNorm _entryNorm;
    private readonly (DatBlock[] Blocks, GroupConvolution Convolution)[] _groups;
    private readonly LayerNorm _norm;
    private readonly GroupConvolution _afterBody;
    private readonly ImageHead _head;
    private readonly bool _centered;

    /// <summary>Takes its weights from the scope.</summary>
    public DatNetwork(DatOutline outline, WeightScope weights)
        : base(nameof(DatNetwork))
    {
        (long width, bool three) = (outline.Features, outline.ThreeConvolutions);
        _first = this.Child("conv_first", new Conv2d(weights["conv_first"], outline.InChannels, width, 3, padding: 1));
        _entryNorm = this.Child("before_RG", new ModuleGroup("before_RG"))
            .Child("1", new LayerNorm(weights["before_RG.1"], width, DatOutline.Epsilon));
        ModuleGroup layers = this.Child("layers", new ModuleGroup("layers"));
        _groups = [.. Enumerable.Range(0, outline.Depths.Count).Select(i => Group(layers.Child($"{i}", new ModuleGroup($"{i}")), i))];
        _norm = this.Child("norm", new LayerNorm(weights["norm"], width, DatOutline.Epsilon));
        _afterBody = this.Child("conv_after_body", new GroupConvolution(weights["conv_after_body"], width, three));
        _head = new ImageHead(this, weights, outline.Head);
        _centered = outline.InChannels == DatOutline.Mean.Count;

        (DatBlock[], GroupConvolution) Group(ModuleGroup parent, int group)
        {
            WeightScope place = weights[$"layers.{group}"];
            return (
                parent.Children(
                    "blocks",
                    Enumerable.Range(0, outline.Depths[group]).Select(i => new DatBlock(place[$"blocks.{i}"], outline, group, i))),
                parent.Child("conv", new GroupConvolution(place["conv"], width, three)));
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        // The mean is in float32, as the network was trained with it.
        Tensor? mean = _centered ? tensor([.. DatOutline.Mean]).to(x.dtype, x.device).view(1, -1, 1, 1) : null;
        run.EnterBlock("conv_first");
        Tensor first = mean is null ? _first.call(x) : (x - mean).Then(_first.call);
        Tensor h = first.permute(0, 2, 3, 1).Then(_entryNorm.call);
        for (int group = 0; group < _groups.Length; group++)
        {
            (DatBlock[] blocks, GroupConvolution convolution) = _groups[group];
            Tensor entry = h.alias();
            for (int i = 0; i < blocks.Length; i++)
            {
                run.EnterBlock($"layers.{group}.blocks.{i}");
                h = h.Then(blocks[i].call);
            }

            run.EnterBlock($"layers.{group}.conv");
            h = h.Then(t => t.permute(0, 3, 1, 2)).Then(convolution.call).Then(t => t.permute(0, 2, 3, 1)).PlusOwned(entry);
        }

        run.EnterBlock("conv_after_body");
        h = h.Then(_norm.call).Then(t => t.permute(0, 3, 1, 2)).Then(_afterBody.call).PlusOwned(first);
        h = _head.Forward(h, run);
        return (mean is null ? h : h.Then(t => t.Plus(mean))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention, then a feed-forward part whose one half gates the other, each after a norm and around a residual.</summary>
internal sealed class DatBlock : NetworkModule<Tensor, Tensor>
{
    private readonly LayerNorm _norm1;
    private readonly DatAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Linear _widen;
    private readonly LayerNorm _gateNorm;
    private readonly DepthwiseConv2d _gate;
    private readonly Linear _narrow;

    public DatBlock(WeightScope weights, DatOutline outline, int group, int index)
        : base(nameof(DatBlock))
    {
        (long width, long half, long heads) = (outline.Features, outline.Hidden / 2, outline.Heads[group]);
        // Positions and channels by turns; of the blocks that attend to positions, every second shifts its windows, the first of odd
        // groups.
        bool shifted = group % 2 == 0 ? index % 4 == 2 : index % 4 == 0;
        _norm1 = this.Child("norm1", new LayerNorm(weights["norm1"], width, DatOutline.Epsilon));
        _attention = this.Child<DatAttention>(
            "attn",
            index % 2 == 0
                ? new DatPositionAttention(weights["attn"], outline, heads, shifted)
                : new DatChannelAttention(weights["attn"], outline, heads));
        _norm2 = this.Child("norm2", new LayerNorm(weights["norm2"], width, DatOutline.Epsilon));
        ModuleGroup feed = this.Child("ffn", new ModuleGroup("ffn")), gate = feed.Child("sg", new ModuleGroup("sg"));
        _widen = feed.Child("fc1", new Linear(weights["ffn.fc1"], width, outline.Hidden));
        _gateNorm = gate.Child("norm", new LayerNorm(weights["ffn.sg.norm"], half, DatOutline.Epsilon));
        _gate = gate.Child("conv", new DepthwiseConv2d(weights["ffn.sg.conv"], half, 3));
        _narrow = feed.Child("fc2", new Linear(weights["ffn.fc2"], half, width));
    }

    /// <summary>(B, H, W, C) → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor y = _norm1.call(x).Then(_attention.call).Then(t => x.Plus(t));
        return y.Then(t => Fed(_norm2.call(t)).Then(u => t.Plus(u)));
    }

    private Tensor Fed(Tensor x) => x.Then(_widen.call).Then(t => nn.functional.gelu(t)).Then(Gated).Then(_narrow.call);

    private Tensor Gated(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = x.chunk(2, 3);
        Tensor gate = _gateNorm.call(halves[1]).permute(0, 3, 1, 2).Then(_gate.call).Then(t => t.permute(0, 2, 3, 1));
        return (halves[0] * gate).MoveToOuterDisposeScope();
    }
}
