using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Dat;

/// <summary>
/// What DAT's two kinds of attention share: a map attends, a convolution by channel works beside it, and each of both weights the other,
/// one by channel, one by position, before they are added.
/// </summary>
internal abstract class DatAttention : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _qkv;
    private readonly DepthwiseConv2d _near;
    private readonly FrozenBatchNorm _nearNorm;
    private readonly DatInteraction _byChannel;
    private readonly DatInteraction _byPosition;
    private readonly Linear _projection;

    private protected DatAttention(string name, WeightScope weights, DatOutline outline)
        : base(name)
    {
        long width = outline.Features;
        _qkv = this.Child("qkv", new Linear(weights["qkv"], width, 3 * width, outline.QkvBias));
        ModuleGroup near = this.Child("dwconv", new ModuleGroup("dwconv"));
        _near = near.Child("0", new DepthwiseConv2d(weights["dwconv.0"], width, 3));
        _nearNorm = near.Child("1", new FrozenBatchNorm(weights["dwconv.1"], width, DatOutline.Epsilon));
        // The first is preceded by a mean over the image, which counts as a layer.
        _byChannel = this.Child("channel_interaction", new DatInteraction(weights["channel_interaction"], 1, width, width / 8, width));
        _byPosition = this.Child("spatial_interaction", new DatInteraction(weights["spatial_interaction"], 0, width, width / 16, 1));
        _projection = this.Child("proj", new Linear(weights["proj"], width, width));
    }

    /// <summary>Whether channels of the convolution's result weight the attention's, and positions the other way; or the reverse.</summary>
    private protected abstract bool AttentionByChannel { get; }

    /// <summary>(B, H, W, C) → the same shape.</summary>
    public sealed override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor qkv = _qkv.call(x);
        Tensor values = qkv.narrow(3, 2 * x.shape[3], x.shape[3]).permute(0, 3, 1, 2);
        Tensor near = _near.call(values).Then(_nearNorm.call).Then(t => nn.functional.gelu(t));
        Tensor far = Attended(qkv).permute(0, 3, 1, 2);
        (Tensor weightsChannels, Tensor weightsPositions) = AttentionByChannel ? (near, far) : (far, near);
        Tensor channels = sigmoid(_byChannel.call(weightsChannels.mean([2, 3], keepdim: true)));
        Tensor positions = sigmoid(_byPosition.call(weightsPositions));
        Tensor sum = AttentionByChannel ? (far * channels).Plus(near * positions) : (far * positions).Plus(near * channels);
        return sum.permute(0, 2, 3, 1).Then(_projection.call).MoveToOuterDisposeScope();
    }

    /// <summary>(B, H, W, 3 C), queries, keys and values → (B, H, W, C), owned by the caller.</summary>
    private protected abstract Tensor Attended(Tensor qkv);
}

/// <summary>Two 1x1 convolutions with a batch norm and GELU between.</summary>
internal sealed class DatInteraction : NetworkModule<Tensor, Tensor>
{
    private readonly Conv2d _first;
    private readonly FrozenBatchNorm _norm;
    private readonly Conv2d _second;

    public DatInteraction(WeightScope weights, int index, long from, long within, long to)
        : base(nameof(DatInteraction))
    {
        _first = this.Child($"{index}", new Conv2d(weights[$"{index}"], from, within, 1));
        _norm = this.Child($"{index + 1}", new FrozenBatchNorm(weights[$"{index + 1}"], within, DatOutline.Epsilon));
        _second = this.Child($"{index + 3}", new Conv2d(weights[$"{index + 3}"], within, to, 1));
    }

    /// <summary>(B, from, H, W) → (B, to, H, W).</summary>
    public override Tensor forward(Tensor x) =>
        _first.call(x).Then(_norm.call).Then(t => nn.functional.gelu(t)).Then(_second.call);
}

/// <summary>Attention of channels to each other over the whole image, with a learned temperature for each head.</summary>
internal sealed class DatChannelAttention : DatAttention
{
    private const double Least = 1e-12;
    private readonly Tensor _temperature;
    private readonly long _heads;

    public DatChannelAttention(WeightScope weights, DatOutline outline, long heads)
        : base(nameof(DatChannelAttention), weights, outline)
    {
        _heads = heads;
        _temperature = this.Own("temperature", weights.Parameter("temperature", heads, 1, 1));
    }

    private protected override bool AttentionByChannel => false;

    private protected override Tensor Attended(Tensor qkv)
    {
        using var scope = NewDisposeScope();
        long height = qkv.shape[1], width = qkv.shape[2];
        // (3, B, heads, channels of a head, positions).
        Tensor parts = qkv.flatten(1, 2).unflatten(2, [3, _heads, -1]).permute(2, 0, 3, 4, 1);
        Tensor queries = Normalized(parts[0]), keys = Normalized(parts[1]);
        Tensor attention = (queries.matmul(keys.transpose(2, 3)) * _temperature).softmax(3);
        return attention.matmul(parts[2]).permute(0, 3, 1, 2).flatten(2).unflatten(1, [height, width]).MoveToOuterDisposeScope();
    }

    private static Tensor Normalized(Tensor x)
    {
        using Tensor length = x.Squared().Then(t => t.sum(3, keepdim: true)).Then(t => t.sqrt()).Then(t => t.AtLeast(Least));
        return x / length;
    }
}
