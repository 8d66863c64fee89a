using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Esrgan;

/// <summary>RRDBNet, as <see cref="EsrganFamily"/> describes it.</summary>
public sealed class EsrganNetwork : SinglePassNetwork
{
    private const double Slope = EsrganOutline.Slope;

    private readonly EsrganOutline _outline;
    private readonly Conv2d _first;
    private readonly ResidualDenseBlock[][] _blocks;
    private readonly Conv2d _body;
    private readonly Conv2d[] _enlarging;
    private readonly Conv2d _fine;
    private readonly Conv2d _last;

    /// <summary>Takes its weights from the scope.</summary>
    public EsrganNetwork(EsrganOutline outline, WeightScope weights)
        : base(nameof(EsrganNetwork))
    {
        _outline = outline;
        long features = outline.Features;
        _first = Convolution("conv_first", (long)outline.InChannels * outline.Unshuffle * outline.Unshuffle, features);
        var body = this.Child("body", new ModuleGroup("body"));
        _blocks = [.. Enumerable.Range(0, outline.Depth).Select(index => Block(body, weights["body"], index))];
        _body = Convolution("conv_body", features, features);
        _enlarging = [.. Enumerable.Range(1, outline.Doublings).Select(index => Convolution($"conv_up{index}", features, features))];
        _fine = Convolution("conv_hr", features, features);
        _last = Convolution("conv_last", features, outline.OutChannels);

        Conv2d Convolution(string name, long from, long to) => this.Child(name, new Conv2d(weights[name], from, to, 3, padding: 1));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        run.EnterBlock("conv_first");
        Tensor first = _outline.Unshuffle == 1 ? _first.call(x) : nn.functional.pixel_unshuffle(x, _outline.Unshuffle).Then(_first.call);
        Tensor h = first.alias();
        for (int block = 0; block < _blocks.Length; block++)
        {
            Tensor inner = h.alias();
            for (int dense = 0; dense < EsrganOutline.Dense; dense++)
            {
                run.EnterBlock(EsrganOutline.NameOf(block, dense + 1));
                inner = inner.Then(_blocks[block][dense].call);
            }

            h = h.Then(t => inner.MultiplyInPlace(Slope).AddInPlace(t));
        }

        run.EnterBlock("conv_body");
        h = h.Then(_body.call).AddInPlace(first);
        first.Dispose();
        for (int index = 0; index < _enlarging.Length; index++)
        {
            run.EnterBlock($"conv_up{index + 1}");
            h = h.Then(Doubled).Then(_enlarging[index].call).LeakyReluInPlace(Slope);
        }

        run.EnterBlock("conv_hr");
        h = h.Then(_fine.call).LeakyReluInPlace(Slope);
        run.EnterBlock("conv_last");
        return h.Then(_last.call).MoveToOuterDisposeScope();
    }

    private static Tensor Doubled(Tensor x) =>
        nn.functional.interpolate(x, size: [2 * x.shape[2], 2 * x.shape[3]], mode: InterpolationMode.Nearest);

    private ResidualDenseBlock[] Block(nn.Module body, WeightScope weights, int index)
    {
        string block = $"{index}";
        var group = body.Child(block, new ModuleGroup(block));
        return
        [
            .. Enumerable.Range(1, EsrganOutline.Dense).Select(dense => $"rdb{dense}").Select(name =>
                group.Child(name, new ResidualDenseBlock(weights[block][name], _outline.Features, _outline.Growth))),
        ];
    }

    /// <summary>Five convolutions, each of which reads the block's input and the results of all before it.</summary>
    private sealed class ResidualDenseBlock : NetworkModule<Tensor, Tensor>
    {
        private readonly Conv2d[] _convolutions;

        public ResidualDenseBlock(WeightScope weights, long features, long growth)
            : base(nameof(ResidualDenseBlock)) => _convolutions =
            [
                .. Enumerable.Range(0, EsrganOutline.Convolutions).Select(index => this.Child($"conv{index + 1}", new Conv2d(
                    weights[$"conv{index + 1}"], features + index * growth,
                    index < EsrganOutline.Convolutions - 1 ? growth : features, 3, padding: 1))),
            ];

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor all = x.alias();
            foreach (Conv2d convolution in _convolutions[..^1])
            {
                using Tensor next = convolution.call(all).LeakyReluInPlace(Slope);
                all = all.Then(t => cat([t, next], 1));
            }

            return all.Then(_convolutions[^1].call).MultiplyInPlace(Slope).AddInPlace(x).MoveToOuterDisposeScope();
        }
    }
}
