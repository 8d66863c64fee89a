using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>How a network names and lays out the parts of its attention within windows.</summary>
/// <param name="Qkv">The linear map to queries, keys and values.</param>
/// <param name="Projection">The linear map of the result.</param>
/// <param name="Table">The learned bias by relative position.</param>
/// <param name="HeadsFirst">Whether the table is (heads, 2w - 1, 2w - 1) and not ((2w - 1)², heads).</param>
/// <param name="Hidden">What is added to the attention of positions that do not see each other.</param>
internal sealed record WindowAttentionStyle(string Qkv, string Projection, string Table, bool HeadsFirst, double Hidden);

/// <summary>
/// Multi-head self-attention within windows with a learned bias by relative position (Liu et al., Swin Transformer, 2021); with a shift,
/// the map is rolled by it first, so that windows cross the borders of those of the layer before.
/// </summary>
internal sealed class WindowAttention : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly Tensor _table;
    private readonly Tensor _positions;
    private readonly WindowAttentionStyle _style;
    private readonly long _heads;
    private readonly WindowSize _window;
    private readonly long _shift;

    public WindowAttention(WeightScope weights, long channels, long heads, long window, long shift, WindowAttentionStyle style)
        : base(nameof(WindowAttention))
    {
        (_style, _heads, _window, _shift) = (style, heads, new(window, window), shift);
        long side = 2 * window - 1;
        _qkv = this.Child(style.Qkv, new Linear(weights[style.Qkv], channels, 3 * channels));
        _projection = this.Child(style.Projection, new Linear(weights[style.Projection], channels, channels));
        long[] shape = style.HeadsFirst ? [heads, side, side] : [side * side, heads];
        _table = this.Own(style.Table, weights.Parameter(style.Table, shape));
        _positions = this.OwnBuffer("positions", Windows.RelativePositions(_window));
    }

    /// <summary>(B, H, W, C), multiples of the window → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long height = x.shape[1], width = x.shape[2];
        bool shifted = _shift > 0;
        Tensor rolled = shifted ? x.roll([-_shift, -_shift], [1, 2]) : x.alias();
        Tensor qkv = rolled
            .Then(t => Windows.Cut(t, _window))
            .Then(_qkv.call)
            .Then(t => t.unflatten(2, [3, _heads, -1]))
            .Then(t => t.permute(2, 0, 3, 1, 4));
        Tensor bias = Bias();
        if (shifted)
        {
            // The windows of the batch's images follow each other.
            using Tensor mask = Windows.Mask(height, width, _window, new(_shift, _shift), _style.Hidden, bias);
            bias = bias.Plus(mask.repeat(x.shape[0], 1, 1).unsqueeze(1));
        }

        Tensor mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], bias);
        Tensor joined = mixed
            .transpose(1, 2)
            .Then(t => t.flatten(2))
            .Then(_projection.call)
            .Then(t => Windows.Join(t, _window, height, width));
        return (shifted ? joined.roll([_shift, _shift], [1, 2]) : joined).MoveToOuterDisposeScope();
    }

    /// <summary>(1, heads, window², window²).</summary>
    private Tensor Bias()
    {
        Tensor byHead = _style.HeadsFirst ? _table.flatten(1) : _table.transpose(0, 1);
        return byHead.index_select(1, _positions).reshape(1, _heads, _window.Count, _window.Count);
    }
}
