using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.GfpGan;

/// <summary>GFPGAN, as <see cref="GfpGanFamily"/> describes it.</summary>
public sealed class GfpGanNetwork : SinglePassNetwork
{
    private const double Slope = 0.2;
    private readonly GfpGanOutline _outline;
    private readonly Conv2d _first;
    private readonly FaceBlock[] _down;
    private readonly Conv2d _final;
    private readonly Linear _style;
    private readonly FaceBlock[] _up;
    private readonly (Conv2d First, Conv2d Second)[] _scales;
    private readonly (Conv2d First, Conv2d Second)[] _shifts;
    private readonly StyleGenerator _generator;

    /// <summary>Takes its weights from the scope.</summary>
    public GfpGanNetwork(GfpGanOutline outline, WeightScope weights)
        : base(nameof(GfpGanNetwork))
    {
        _outline = outline;
        IReadOnlyList<long> c = outline.Encoder;
        int levels = outline.Levels;
        _first = this.Child("conv_body_first", new Conv2d(weights["conv_body_first"], 3, c[^1], 1));
        _down = this.Children("conv_body_down", Enumerable.Range(0, levels).Select(i =>
            new FaceBlock(weights[$"conv_body_down.{i}"], c[levels - i], c[levels - i - 1], doubles: false)));
        _final = this.Child("final_conv", new Conv2d(weights["final_conv"], c[0], c[0], 3, padding: 1));
        long codes = outline.StylePerLayer ? outline.Codes : 1;
        _style = this.Child("final_linear", new Linear(weights["final_linear"], 16 * c[0], codes * outline.StyleWidth));
        _up = this.Children("conv_body_up", Enumerable.Range(0, levels).Select(i =>
            new FaceBlock(weights[$"conv_body_up.{i}"], c[i], c[i + 1], doubles: true)));
        _scales = Conditions("condition_scale");
        _shifts = Conditions("condition_shift");
        _generator = this.Child("stylegan_decoder", new StyleGenerator(weights["stylegan_decoder"], outline));

        (Conv2d, Conv2d)[] Conditions(string name)
        {
            ModuleGroup all = this.Child(name, new ModuleGroup(name));
            return
            [
                .. Enumerable.Range(0, levels).Select(i =>
                    Condition(all.Child($"{i}", new ModuleGroup($"{i}")), weights[$"{name}.{i}"], i)),
            ];
        }

        (Conv2d, Conv2d) Condition(ModuleGroup group, WeightScope place, int i)
        {
            long from = c[i + 1], to = outline.HalfModulated ? outline.Decoder[i + 1] / 2 : outline.Decoder[i + 1];
            return (group.Child("0", new Conv2d(place["0"], from, from, 3, padding: 1)),
                group.Child("2", new Conv2d(place["2"], from, to, 3, padding: 1)));
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        var skips = new Stack<Tensor>();
        run.EnterBlock("conv_body_first");
        // The network was trained with images from -1 to 1.
        Tensor h = x.Times(2L).Then(t => t.Minus(1L)).Then(_first.call).Then(t => t.LeakyRelu(Slope));
        for (int i = 0; i < _down.Length; i++)
        {
            run.EnterBlock($"conv_body_down.{i}");
            h = h.Then(_down[i].call);
            skips.Push(h.alias());
        }

        run.EnterBlock("final_conv");
        h = h.Then(_final.call).Then(t => t.LeakyRelu(Slope));
        Tensor codes = h.flatten(1).Then(_style.call);
        if (_outline.StylePerLayer)
            codes = codes.Then(t => t.unflatten(1, [_outline.Codes, _outline.StyleWidth]));
        List<Tensor> scales = [], shifts = [];
        for (int i = 0; i < _up.Length; i++)
        {
            run.EnterBlock($"conv_body_up.{i}");
            h = h.PlusOwned(skips.Pop()).Then(_up[i].call);
            scales.Add(Condition(_scales[i], h));
            shifts.Add(Condition(_shifts[i], h));
        }

        return _generator.Forward(codes, scales, shifts, run)
            .Then(t => t.Plus(1L))
            .Then(t => t.DividedBy(2L))
            .MoveToOuterDisposeScope();
    }

    private static Tensor Condition((Conv2d First, Conv2d Second) maps, Tensor x) =>
        maps.First.call(x).Then(t => t.LeakyRelu(Slope)).Then(maps.Second.call);
}

/// <summary>A residual block of the U-Net that halves or doubles the map between its two convolutions.</summary>
internal sealed class FaceBlock : NetworkModule<Tensor, Tensor>
{
    private const double Slope = 0.2;
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly Conv2d _skip;
    private readonly bool _doubles;

    public FaceBlock(WeightScope weights, long inChannels, long outChannels, bool doubles)
        : base(nameof(FaceBlock))
    {
        _doubles = doubles;
        _first = this.Child("conv1", new Conv2d(weights["conv1"], inChannels, inChannels, 3, padding: 1));
        _second = this.Child("conv2", new Conv2d(weights["conv2"], inChannels, outChannels, 3, padding: 1));
        _skip = this.Child("skip", new Conv2d(weights["skip"], inChannels, outChannels, 1, bias: false));
    }

    /// <summary>(B, in, H, W) → (B, out, H / 2, W / 2) or (B, out, 2 H, 2 W).</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor h = _first.call(x).Then(t => t.LeakyRelu(Slope)).Then(Resized).Then(_second.call).Then(t => t.LeakyRelu(Slope));
        return h.PlusOwned(Resized(x).Then(_skip.call));
    }

    private Tensor Resized(Tensor x) => _doubles ? Doubling.Bilinear(x) : Doubling.Halved(x);
}
