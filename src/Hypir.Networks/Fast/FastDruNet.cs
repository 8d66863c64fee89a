using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A <see cref="DruNetNetwork"/> rewritten for speed: its maps stay channels last, residual blocks are <see cref="FastResidual"/>, halving
/// and doubling are products, and the sums with the way down are made in place.
/// </summary>
internal sealed class FastDruNet : FastSinglePass
{
    private readonly DruNetOutline _outline;
    private readonly NarrowConv _head;
    private readonly FastResidual[][] _down;
    private readonly Tensor[] _halving;
    private readonly FastResidual[] _body;
    private readonly FastResidual[][] _up;
    private readonly Tensor[] _doubling;
    private readonly NarrowConv _tail;

    /// <summary>Copies the weights.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The root of the plain network's weights.</param>
    public FastDruNet(DruNetOutline outline, WeightScope weights)
    {
        using var scope = NewDisposeScope();
        _outline = outline;
        IReadOnlyList<long> w = outline.Widths;
        (int blocks, int levels) = (outline.ResidualBlocks, w.Count - 1);
        _head = Convolution("m_head", outline.ReadsNoiseMap ? outline.InChannels + 1 : outline.InChannels, w[0]);
        _down = [.. Enumerable.Range(0, levels).Select(level => Row($"m_down{level + 1}", 0, w[level]))];
        _halving = [.. Enumerable.Range(0, levels).Select(level => Kept.Keep(PixelBlocks.HalvingMatrix(
            weights[$"m_down{level + 1}.{blocks}"].Tensor("weight", w[level + 1], w[level], 2, 2))))];
        _body = Row("m_body", 0, w[^1]);
        _up = [.. Enumerable.Range(0, levels).Select(level => Row($"m_up{level + 1}", 1, w[level]))];
        _doubling = [.. Enumerable.Range(0, levels).Select(level => Kept.Keep(PixelBlocks.DoublingMatrix(
            weights[$"m_up{level + 1}.0"].Tensor("weight", w[level + 1], w[level], 2, 2))))];
        _tail = Convolution("m_tail", w[0], outline.OutChannels);

        FastResidual[] Row(string name, int first, long channels) =>
            [.. Enumerable.Range(first, blocks).Select(i => new FastResidual(Kept, weights[$"{name}.{i}"], channels))];

        NarrowConv Convolution(string name, long from, long to)
        {
            Tensor weight = weights[name].Tensor("weight", to, from, 3, 3);
            return new(Kept, weight, zeros([to], weight.dtype));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x, NetworkRun run, double? dial)
    {
        Tensor read = _outline.ReadsNoiseMap ? NoiseMap.Append(x, dial) : x.alias();
        run.EnterBlock("m_head");
        Tensor skip = Map(0);
        FromImage(_head, read, skip);
        var skips = new Stack<Tensor>([skip]);
        var work = new Tensor[_down.Length];
        for (int level = 0; level < _down.Length; level++)
        {
            work[level] = Map(level);
            string name = $"m_down{level + 1}";
            Row(name, 0, _down[level], skip, work[level]);
            run.EnterBlock($"{name}.{_down[level].Length}");
            skip = Map(level + 1);
            PixelBlocks.Halve(work[level], _halving[level], skip);
            skips.Push(skip);
        }

        Tensor map = Map(_down.Length);
        Row("m_body", 0, _body, skip, map);
        for (int level = _up.Length - 1; level >= 0; level--)
        {
            string name = $"m_up{level + 1}";
            run.EnterBlock($"{name}.0");
            map.AddInPlace(skips.Pop());
            PixelBlocks.Double(map, _doubling[level], work[level]);
            map = work[level];
            Row(name, 1, _up[level], map, map);
        }

        run.EnterBlock("m_tail");
        map.AddInPlace(skips.Pop());
        Tensor result = PixelMaps.Rent(Kept.Maps, x, _tail.Outputs, out IDisposable last);
        using IDisposable rented = last;
        _tail.Forward(map, result);
        return PixelMaps.Read(result, _outline.OutChannels);

        // All of them live until the next evaluation takes them back.
        Tensor Map(int level) => Kept.Maps.Rent(
            [x.shape[0], x.shape[2] >> level, x.shape[3] >> level, _outline.Widths[level]], x.dtype, out _);

        void Row(string name, int first, FastResidual[] blocks, Tensor from, Tensor to)
        {
            for (int i = 0; i < blocks.Length; i++)
            {
                run.EnterBlock($"{name}.{first + i}");
                blocks[i].Forward(i == 0 ? from : to, to);
            }
        }
    }
}
