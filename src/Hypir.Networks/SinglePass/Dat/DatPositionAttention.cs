using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Dat;

/// <summary>Attention of positions within windows: one half of the channels in wide windows, the other in tall ones.</summary>
internal sealed class DatPositionAttention : DatAttention
{
    private readonly DatWindows[] _halves;
    private readonly long _multiple;

    public DatPositionAttention(WeightScope weights, DatOutline outline, long heads, bool shifted)
        : base(nameof(DatPositionAttention), weights, outline)
    {
        _multiple = outline.Side;
        (long height, long width) = outline.Window;
        WindowSize[] windows = [new(height, width), new(width, height)];
        _halves = this.Children(
            "attns",
            windows.Select((window, i) => new DatWindows(weights[$"attns.{i}"], window, outline.PositionWidth, heads / 2, shifted)));
    }

    private protected override bool AttentionByChannel => true;

    private protected override Tensor Attended(Tensor qkv)
    {
        using var scope = NewDisposeScope();
        long height = qkv.shape[1], width = qkv.shape[2], half = qkv.shape[3] / 6;
        long below = (_multiple - height % _multiple) % _multiple, right = (_multiple - width % _multiple) % _multiple;
        Tensor padded = below + right == 0 ? qkv.alias() : nn.functional.pad(qkv, [0, 0, 0, right, 0, below]);
        Tensor parts = padded.unflatten(3, [3, 2, half]);
        Tensor[] attended = [.. _halves.Select((windows, i) => windows.call(parts.select(4, i).flatten(3)))];
        return cat(attended, 3).narrow(1, 0, height).narrow(2, 0, width).contiguous().MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention within windows of one shape. What is added by relative position is computed by a small network (CrossFormer's dynamic position
/// bias) from the positions that the file holds.
/// </summary>
internal sealed class DatWindows : NetworkModule<Tensor, Tensor>
{
    private const double Hidden = -100;
    private readonly WindowSize _window;
    private readonly WindowSize? _shift;
    private readonly long _heads;
    private readonly Tensor _relations;
    private readonly Tensor _positions;
    private readonly Linear _enter;
    private readonly (LayerNorm Norm, Linear Map)[] _maps;

    public DatWindows(WeightScope weights, WindowSize window, long width, long heads, bool shifted)
        : base(nameof(DatWindows))
    {
        (_window, _heads, _shift) = (window, heads, shifted ? window.Halved : null);
        _relations = this.OwnBuffer("rpe_biases", weights.Buffer("rpe_biases", window.Relations, 2));
        _positions = this.OwnBuffer("positions", Windows.RelativePositions(window));
        ModuleGroup position = this.Child("pos", new ModuleGroup("pos"));
        _enter = position.Child("pos_proj", new Linear(weights["pos.pos_proj"], 2, width));
        _maps = [.. Enumerable.Range(1, 3).Select(i => Map(position.Child($"pos{i}", new ModuleGroup($"pos{i}")), $"pos.pos{i}", i == 3))];

        (LayerNorm, Linear) Map(ModuleGroup group, string name, bool last) => (
            group.Child("0", new LayerNorm(weights[$"{name}.0"], width, DatOutline.Epsilon)),
            group.Child("2", new Linear(weights[$"{name}.2"], width, last ? heads : width)));
    }

    /// <summary>(B, H, W, 3 C), queries, keys and values, height and width multiples of the window's → (B, H, W, C).</summary>
    public override Tensor forward(Tensor qkv)
    {
        using var scope = NewDisposeScope();
        (long batch, long height, long width) = (qkv.shape[0], qkv.shape[1], qkv.shape[2]);
        Tensor bias = Bias(), rolled = qkv;
        if (_shift is var (rows, columns))
        {
            rolled = qkv.roll([-rows, -columns], [1, 2]);
            // The windows of the batch's images follow each other.
            using Tensor mask = Windows.Mask(height, width, _window, new(rows, columns), Hidden, bias);
            bias = bias.Plus(mask.repeat(batch, 1, 1).unsqueeze(1));
        }

        Tensor parts = Windows.Cut(rolled, _window).unflatten(2, [3, _heads, -1]).permute(2, 0, 3, 1, 4);
        Tensor mixed = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], bias);
        Tensor joined = Windows.Join(mixed.transpose(1, 2).flatten(2), _window, height, width);
        return (_shift is var (down, right) ? joined.roll([down, right], [1, 2]) : joined).MoveToOuterDisposeScope();
    }

    /// <summary>(1, heads, positions of a window, positions of a window).</summary>
    private Tensor Bias()
    {
        Tensor table = _enter.call(_relations);
        foreach ((LayerNorm norm, Linear map) in _maps)
            table = table.Then(norm.call).Then(t => nn.functional.relu(t)).Then(map.call);
        return table.transpose(0, 1).index_select(1, _positions).reshape(1, _heads, _window.Count, _window.Count);
    }
}
