using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The trained part of the discriminator: one head on each feature map and one on the image embedding (Kumari et al., 2022, "Ensembling
/// Off-the-shelf Models for GAN Training"). Names as in the reference's release: <c>decoder.N.*</c>, <c>out.*</c>. Its mode (train, eval)
/// decides whether spectral normalization iterates.
/// </summary>
public sealed class MultiLevelDecoder : NetworkModule
{
    private const double Slope = 0.2;
    private readonly DecoderLevel[] _levels;
    private readonly SpectralLinear _embedding;
    private readonly SpectralLinear _out;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Root of the weights, the place above <c>decoder</c> and <c>out</c>.</param>
    public MultiLevelDecoder(DecoderConfig config, WeightScope weights)
        : base(nameof(MultiLevelDecoder))
    {
        ModuleGroup tree = this.Child("decoder", new ModuleGroup("decoder"));
        int maps = config.MapChannels.Count;
        _levels = [.. config.MapChannels.Select((channels, i) =>
            tree.Child($"{i}", new DecoderLevel(weights[$"decoder.{i}"], channels, config.Channels)))];
        ModuleGroup last = tree.Child($"{maps}", new ModuleGroup("last"));
        _embedding = last.Child("0", new SpectralLinear(weights[$"decoder.{maps}.0"], config.EmbedDim, config.Channels));
        _out = this.Child("out", new SpectralLinear(weights["out"], config.Channels, 1));
    }

    /// <summary>The logits of each level.</summary>
    /// <param name="features">The feature maps, each (B, C, H, W), followed by the embedding, (B, width).</param>
    /// <returns>(B, h, w) for each map and (B, 1) for the embedding, owned by the caller.</returns>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> features)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Count, _levels.Length + 1);
        List<Tensor> logits = [.. _levels.Select((level, i) => level.call(features[i]))];
        logits.Add(_embedding.call(features[^1]).Then(Activate).Then(_out.call));
        return logits;
    }

    internal static Tensor Activate(Tensor x) => x.LeakyRelu(Slope);
}

/// <summary>
/// The head on one feature map: blur, 3x3 convolution of stride 2, leaky ReLU, blur, 1x1 convolution of stride 2 to one logit per position.
/// </summary>
internal sealed class DecoderLevel : NetworkModule<Tensor, Tensor>
{
    private readonly BlurPool _blurBefore;
    private readonly SpectralConv2d _reduce;
    private readonly BlurPool _blurAfter;
    private readonly SpectralConv2d _logits;

    public DecoderLevel(WeightScope weights, long inChannels, long channels)
        : base(nameof(DecoderLevel))
    {
        _blurBefore = this.Child("0", new BlurPool(weights["0"], inChannels, extraPadding: 1));
        _reduce = this.Child("1", new SpectralConv2d(weights["1"], inChannels, channels, 3));
        _blurAfter = this.Child("3", new BlurPool(weights["3"], channels));
        _logits = this.Child("4", new SpectralConv2d(weights["4"], channels, 1, 1));
    }

    /// <summary>(B, C, H, W) → (B, h, w).</summary>
    public override Tensor forward(Tensor x) =>
        _blurBefore
            .call(x)
            .Then(_reduce.call)
            .Then(MultiLevelDecoder.Activate)
            .Then(_blurAfter.call)
            .Then(_logits.call)
            .Then(t => t.squeeze(1));
}

/// <summary>
/// Initial weights of a <see cref="MultiLevelDecoder"/>, drawn like PyTorch's: weights and biases uniform within 1/√fan-in, u and v normal
/// and scaled to length 1, without a power iteration. So the first generator step sees wild logits, as in the reference.
/// </summary>
/// <param name="seed">The seed; tensors are drawn in the order in which the network requests them.</param>
/// <param name="type">Floating-point type.</param>
/// <param name="device">Device.</param>
public sealed class DecoderInitialWeights(long seed, ScalarType type, Device device) : WeightSource, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);
    private long _fanIn = 1;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        string kind = name[(name.LastIndexOf('.') + 1)..];
        Tensor drawn = kind switch
        {
            "filt" => BlurPool.Filter(shape[0]),
            "weight_u" or "weight_v" => nn.functional.normalize(randn(shape, ScalarType.Float32, generator: _generator), dim: 0),
            _ => Uniform(kind, shape),
        };
        return drawn.to(type, device).MoveToOuterDisposeScope();
    }

    /// <summary>A layer requests its weight before its bias, which uses the weight's fan-in.</summary>
    private Tensor Uniform(string kind, long[] shape)
    {
        if (kind == "weight_orig")
            _fanIn = shape[1..].Aggregate(1L, (a, b) => a * b);
        double bound = 1 / Math.Sqrt(_fanIn);
        return rand(shape, ScalarType.Float32, generator: _generator).Times(2 * bound).Minus(bound);
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}

/// <summary>
/// The low-pass filter of Zhang (2019), "Making Convolutional Networks Shift-Invariant Again", at stride 1: each channel convolved with the
/// binomial [1 3 3 1] ⊗ [1 3 3 1] / 64, with zero padding. Its filter is a buffer (<c>filt</c>), as in the reference's files.
/// </summary>
public sealed class BlurPool : NetworkModule<Tensor, Tensor>
{
    private const int Padding = 1;
    private static readonly double[] Taps = [1, 3, 3, 1];
    private readonly Tensor _filter;
    private readonly long _channels;
    private readonly long _padding;

    /// <summary>Takes its filter (channels, 1, 4, 4) from the scope.</summary>
    /// <param name="weights">Place of this module.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="extraPadding">Rows and columns of zeros on each side in addition to the single one that is always added; with 0, the
    /// map loses one row and column.</param>
    public BlurPool(WeightScope weights, long channels, long extraPadding = 0)
        : base(nameof(BlurPool))
    {
        _filter = this.OwnBuffer("filt", weights.Buffer("filt", channels, 1, Taps.Length, Taps.Length));
        (_channels, _padding) = (channels, Padding + extraPadding);
    }

    /// <summary>The filter that all such layers use, (channels, 1, 4, 4) in float32, owned by the caller.</summary>
    /// <param name="channels">Channels of the map.</param>
    public static Tensor Filter(long channels)
    {
        using var scope = NewDisposeScope();
        Tensor taps = tensor(Taps);
        Tensor filter = taps.outer(taps);
        return (filter / filter.sum()).to(ScalarType.Float32).expand(channels, 1, -1, -1).clone().MoveToOuterDisposeScope();
    }

    /// <summary>(B, C, H, W) → (B, C, H - 1 + 2 * extra, W - 1 + 2 * extra).</summary>
    public override Tensor forward(Tensor x) => nn.functional.conv2d(x, _filter, padding: [_padding, _padding], groups: _channels);
}
