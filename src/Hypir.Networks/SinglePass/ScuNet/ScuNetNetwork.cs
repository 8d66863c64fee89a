using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.ScuNet;

/// <summary>SCUNet, as <see cref="ScuNetFamily"/> describes it.</summary>
public sealed class ScuNetNetwork : SinglePassNetwork
{
    private readonly long _multiple;
    private readonly Conv2d _head;
    private readonly (ScuNetBlock[] Blocks, Conv2d Down)[] _down;
    private readonly ScuNetBlock[] _body;
    private readonly (TransposedConv2d Up, ScuNetBlock[] Blocks)[] _up;
    private readonly Conv2d _tail;

    /// <summary>Takes its weights from the scope.</summary>
    public ScuNetNetwork(ScuNetOutline outline, WeightScope weights)
        : base(nameof(ScuNetNetwork))
    {
        _multiple = outline.PaddedMultiple;
        long width = outline.Features;
        int levels = outline.Down.Count;
        _head = this.Children("m_head", [new Conv2d(weights["m_head.0"], outline.InChannels, width, 3, padding: 1, bias: false)])[0];
        _down = new (ScuNetBlock[], Conv2d)[levels];
        for (int level = 0; level < levels; level++)
        {
            (string name, long channels, int blocks) = ($"m_down{level + 1}", width << level, outline.Down[level]);
            ModuleGroup group = this.Child(name, new ModuleGroup(name));
            ScuNetBlock[] row = Row(group, name, 0, blocks, channels);
            var half = new Conv2d(weights[$"{name}.{blocks}"], channels, 2 * channels, 2, stride: 2, bias: false);
            _down[level] = (row, group.Child($"{blocks}", half));
        }

        _body = Row(this.Child("m_body", new ModuleGroup("m_body")), "m_body", 0, outline.Lowest, width << levels);
        _up = new (TransposedConv2d, ScuNetBlock[])[levels];
        for (int i = 0; i < levels; i++)
        {
            (string name, long channels) = ($"m_up{levels - i}", width << (levels - 1 - i));
            ModuleGroup group = this.Child(name, new ModuleGroup(name));
            TransposedConv2d twice = group.Child("0", new TransposedConv2d(weights[$"{name}.0"], 2 * channels, channels, 2, bias: false));
            _up[i] = (twice, Row(group, name, 1, outline.Up[i], channels));
        }

        _tail = this.Children("m_tail", [new Conv2d(weights["m_tail.0"], width, outline.InChannels, 3, padding: 1, bias: false)])[0];

        // Every second block shifts its windows.
        ScuNetBlock[] Row(nn.Module parent, string name, int first, int count, long channels) =>
        [
            .. Enumerable.Range(0, count).Select(i =>
                parent.Child($"{first + i}", new ScuNetBlock(weights[$"{name}.{first + i}"], channels, outline, shifted: i % 2 == 1))),
        ];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        var skips = new Stack<Tensor>();
        run.EnterBlock("m_head.0");
        Tensor h = Margins.Add(x, _multiple, PaddingModes.Reflect).Then(_head.call);
        skips.Push(h);
        for (int level = 0; level < _down.Length; level++)
        {
            string name = $"m_down{level + 1}";
            h = Row(_down[level].Blocks, name, 0, skips.Peek().alias(), run);
            run.EnterBlock($"{name}.{_down[level].Blocks.Length}");
            skips.Push(h.Then(_down[level].Down.call));
        }

        h = Row(_body, "m_body", 0, skips.Peek().alias(), run);
        for (int i = 0; i < _up.Length; i++)
        {
            string name = $"m_up{_up.Length - i}";
            run.EnterBlock($"{name}.0");
            h = h.PlusOwned(skips.Pop()).Then(_up[i].Up.call);
            h = Row(_up[i].Blocks, name, 1, h, run);
        }

        run.EnterBlock("m_tail.0");
        return Margins.Remove(h.PlusOwned(skips.Pop()).Then(_tail.call), x.shape[2], x.shape[3]).MoveToOuterDisposeScope();
    }

    private static Tensor Row(ScuNetBlock[] blocks, string name, int first, Tensor x, NetworkRun run)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            run.EnterBlock($"{name}.{first + i}");
            x = x.Then(blocks[i].call);
        }

        return x;
    }
}
