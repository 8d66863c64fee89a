using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.NafNet;

/// <summary>NAFNet, as <see cref="NafNetFamily"/> describes it.</summary>
public sealed class NafNetNetwork : SinglePassNetwork
{
    private readonly int _levels;
    private readonly Conv2d _intro;
    private readonly NafBlock[][] _encoders;
    private readonly Conv2d[] _downs;
    private readonly NafBlock[] _middle;
    private readonly Conv2d[] _ups;
    private readonly NafBlock[][] _decoders;
    private readonly Conv2d _ending;

    /// <summary>Takes its weights from the scope.</summary>
    public NafNetNetwork(NafNetOutline outline, WeightScope weights)
        : base(nameof(NafNetNetwork))
    {
        _levels = outline.Levels;
        long width = outline.Features;
        int levels = outline.Levels;
        _intro = this.Child("intro", new Conv2d(weights["intro"], outline.InChannels, width, 3, padding: 1));
        _ending = this.Child("ending", new Conv2d(weights["ending"], width, outline.OutChannels, 3, padding: 1));
        ModuleGroup encoders = this.Child("encoders", new ModuleGroup("encoders"));
        ModuleGroup decoders = this.Child("decoders", new ModuleGroup("decoders"));
        ModuleGroup ups = this.Child("ups", new ModuleGroup("ups"));
        _encoders = [.. Enumerable.Range(0, levels).Select(i => Row(encoders, $"encoders.{i}", $"{i}", width << i, outline.Encoders[i]))];
        _downs =
        [
            .. this.Children(
                "downs",
                Enumerable.Range(0, levels).Select(i => new Conv2d(weights[$"downs.{i}"], width << i, width << (i + 1), 2, stride: 2))),
        ];
        _middle = Row(this, "middle_blks", "middle_blks", width << levels, outline.Middle);
        _ups = [.. Enumerable.Range(0, levels).Select(Up)];
        _decoders =
        [
            .. Enumerable.Range(0, levels).Select(i =>
                Row(decoders, $"decoders.{i}", $"{i}", width << (levels - 1 - i), outline.Decoders[i])),
        ];

        NafBlock[] Row(nn.Module parent, string place, string name, long channels, int count) =>
            parent.Children(name, Enumerable.Range(0, count).Select(i => new NafBlock(weights[$"{place}.{i}"], channels)));
        Conv2d Up(int i)
        {
            long channels = width << (levels - i);
            return ups.Children($"{i}", [new Conv2d(weights[$"ups.{i}.0"], channels, 2 * channels, 1, bias: false)])[0];
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        Tensor image = Margins.Add(x, 1L << _levels, PaddingModes.Constant);
        var skips = new Stack<Tensor>();
        run.EnterBlock("intro");
        Tensor h = _intro.call(image);
        for (int i = 0; i < _encoders.Length; i++)
        {
            h = Row(_encoders[i], $"encoders.{i}", h, run);
            skips.Push(h);
            run.EnterBlock($"downs.{i}");
            h = _downs[i].call(h);
        }

        h = Row(_middle, "middle_blks", h, run);
        for (int i = 0; i < _decoders.Length; i++)
        {
            run.EnterBlock($"ups.{i}.0");
            h = h.Then(_ups[i].call).Then(t => nn.functional.pixel_shuffle(t, 2)).PlusOwned(skips.Pop());
            h = Row(_decoders[i], $"decoders.{i}", h, run);
        }

        run.EnterBlock("ending");
        return Margins.Remove(h.Then(_ending.call).PlusOwned(image), x.shape[2], x.shape[3]).MoveToOuterDisposeScope();
    }

    private static Tensor Row(NafBlock[] blocks, string name, Tensor x, NetworkRun run)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            run.EnterBlock($"{name}.{i}");
            x = x.Then(blocks[i].call);
        }

        return x;
    }
}
