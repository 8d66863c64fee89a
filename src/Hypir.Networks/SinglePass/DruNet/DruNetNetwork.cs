using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.DruNet;

/// <summary>DRUNet, as <see cref="DruNetFamily"/> describes it. Skips are added.</summary>
public sealed class DruNetNetwork : SinglePassNetwork
{
    private readonly DruNetOutline _outline;
    private readonly Conv2d _head;
    private readonly DownLevel[] _down;
    private readonly ResidualRow _body;
    private readonly UpLevel[] _up;
    private readonly Conv2d _tail;

    /// <summary>Takes its weights from the scope.</summary>
    public DruNetNetwork(DruNetOutline outline, WeightScope weights)
        : base(nameof(DruNetNetwork))
    {
        _outline = outline;
        IReadOnlyList<long> w = outline.Widths;
        (int blocks, int levels) = (outline.ResidualBlocks, w.Count - 1);
        long from = outline.ReadsNoiseMap ? outline.InChannels + 1 : outline.InChannels;
        _head = this.Child("m_head", new Conv2d(weights["m_head"], from, w[0], 3, padding: 1, bias: false));
        _down = [.. Enumerable.Range(1, levels).Select(i => this.Child($"m_down{i}", Down(i)))];
        _body = this.Child("m_body", new ResidualRow(weights["m_body"], w[^1], blocks, bias: false));
        _up = [.. Enumerable.Range(1, levels).Reverse().Select(i => this.Child($"m_up{i}", Up(i)))];
        _tail = this.Child("m_tail", new Conv2d(weights["m_tail"], w[0], outline.OutChannels, 3, padding: 1, bias: false));

        DownLevel Down(int i) => new(weights[$"m_down{i}"], w[i - 1], w[i], blocks, bias: false);
        UpLevel Up(int i) => new(weights[$"m_up{i}"], w[i], w[i - 1], blocks, bias: false);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        var skips = new Stack<Tensor>();
        Tensor input = _outline.ReadsNoiseMap ? NoiseMap.Append(x, dial) : x.alias();
        run.EnterBlock("m_head");
        skips.Push(input.Then(_head.call));
        foreach (DownLevel level in _down)
            skips.Push(level.Forward(skips.Peek(), run));
        Tensor h = _body.Forward(skips.Peek(), run);
        foreach (UpLevel level in _up)
            h = level.Forward(h, skips.Pop(), run);
        run.EnterBlock("m_tail");
        return h.PlusOwned(skips.Pop()).Then(_tail.call).MoveToOuterDisposeScope();
    }
}
