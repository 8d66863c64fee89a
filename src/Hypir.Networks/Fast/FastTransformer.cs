using System.Numerics;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// <see cref="UNet.Transformer2DModel"/> on channels-last maps, which already are sequences: the input and output projections are the same
/// matrix products whether the model has linear maps or 1x1 convolutions.
/// </summary>
internal sealed class FastTransformer
{
    private const double Epsilon = 1e-6;
    private readonly MapMemory _memory;
    private readonly FastNorm _norm;
    private readonly FastLinear _projIn;
    private readonly FastTransformerBlock[] _blocks;
    private readonly FastLinear _projOut;

    /// <inheritdoc cref="UNet.Transformer2DModel(WeightScope, UNetConfig, int)"/>
    public FastTransformer(KeptTensors kept, WeightScope weights, UNetConfig config, int level)
    {
        long width = config.BlockOutChannels[level];
        _memory = kept.Maps;
        _norm = new FastNorm(kept, weights["norm"], config.NormGroups, width, Epsilon, null);
        _projIn = new FastLinear(kept, width, width, true, Projection("proj_in"));
        _blocks =
        [
            .. Enumerable
                .Range(0, config.TransformerLayers[level])
                .Select(i => new FastTransformerBlock(
                    kept,
                    weights[$"transformer_blocks.{i}"],
                    width,
                    config.CrossAttentionDim,
                    config.Heads[level],
                    config.UpcastAttention
                )),
        ];
        _projOut = new FastLinear(kept, width, width, true, Projection("proj_out"));

        WeightScope Projection(string name) => config.UseLinearProjection ? weights[name] : new(new FlatKernel(weights[name]));
    }

    /// <summary>Computes each block's keys and values of a text.</summary>
    /// <param name="text">(1, tokens, context width).</param>
    /// <returns>Owned by the caller.</returns>
    public IEnumerable<TextKeys> KeysOf(Tensor text) => _blocks.Select(block => block.KeysOf(text));

    /// <summary>Computes the transformer.</summary>
    /// <param name="x">The map.</param>
    /// <param name="text">From <see cref="KeysOf"/>.</param>
    /// <returns>(B, H, W, C), owned by the caller.</returns>
    public FastMap Forward(FastMap x, ReadOnlySpan<TextKeys> text)
    {
        if (TensorMemory.SupportsSimd(x.Parts[0].Values))
            return x.Parts[0].Values.dtype == ScalarType.Float32 ? Forward<float>(x, text) : Forward<double>(x, text);
        using var scope = NewDisposeScope();
        Tensor h = _norm.Apply(x).flatten(1, 2).Then(_projIn.Forward);
        for (int i = 0; i < _blocks.Length; i++)
            h = _blocks[i].Forward(h, text[i]);
        Tensor before = x.Whole();
        return new FastMap(_projOut.Forward(h).AddInPlace(before.flatten(1, 2)).view(before.shape)).MoveToOuterDisposeScope();
    }

    private FastMap Forward<T>(FastMap x, ReadOnlySpan<TextKeys> text)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        Tensor before = x.Whole();
        using var sequences = new BlockSequences<T>(_memory, x.Batch, x.Height * x.Width, before.shape[3]);
        sequences.Enter(_norm.Apply(x), _projIn);
        for (int i = 0; i < _blocks.Length; i++)
            _blocks[i].Forward(sequences, text[i]);
        Tensor y = _memory.Rent(before.shape, before.dtype, out IDisposable lease);
        sequences.Leave(before, y, _projOut);
        return new FastMap(y, lease: lease).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// <see cref="UNet.BasicTransformerBlock"/> with the self-attention's queries, keys and values in one product, and the text's keys and
/// values precomputed.
/// </summary>
internal sealed class FastTransformerBlock
{
    private const int Expansion = 4;
    private const double Epsilon = 1e-5;
    private readonly Tensor[] _norms;
    private readonly FastLinear _self;
    private readonly FastLinear _selfOut;
    private readonly FastLinear _query;
    private readonly FastLinear _text;
    private readonly FastLinear _crossOut;
    private readonly FastLinear _gate;
    private readonly FastLinear _out;
    private readonly long _heads;
    private readonly bool _upcast;

    /// <inheritdoc cref="UNet.BasicTransformerBlock(WeightScope, long, long, long, bool)"/>
    public FastTransformerBlock(KeptTensors kept, WeightScope weights, long width, long contextWidth, long heads, bool upcast)
    {
        (_heads, _upcast) = (heads, upcast);
        _norms =
        [
            .. new[] { "norm1", "norm2", "norm3" }.SelectMany(name =>
                new[] { "weight", "bias" }.Select(part => kept.Keep(weights[name].Tensor(part, width)))
            ),
        ];
        WeightScope self = weights["attn1"],
            cross = weights["attn2"];
        _self = new FastLinear(kept, width, width, false, self["to_q"], self["to_k"], self["to_v"]);
        _selfOut = new FastLinear(kept, width, width, true, self["to_out.0"]);
        _query = new FastLinear(kept, width, width, false, cross["to_q"]);
        _text = new FastLinear(kept, contextWidth, width, false, cross["to_k"], cross["to_v"]);
        _crossOut = new FastLinear(kept, width, width, true, cross["to_out.0"]);
        _gate = new FastLinear(kept, width, 2 * Expansion * width, true, weights["ff.net.0.proj"]);
        _out = new FastLinear(kept, Expansion * width, width, true, weights["ff.net.2"]);
    }

    /// <summary>Computes keys and values of a text.</summary>
    /// <param name="text">(1, tokens, context width).</param>
    /// <returns>Owned by the caller.</returns>
    public TextKeys KeysOf(Tensor text)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = _text.Forward(text).chunk(2, -1);
        return new(halves[0].contiguous().MoveToOuterDisposeScope(), halves[1].contiguous().MoveToOuterDisposeScope());
    }

    /// <summary>Computes the block.</summary>
    /// <param name="x">(B, N, width), modified in place.</param>
    /// <param name="text">From <see cref="KeysOf"/>.</param>
    /// <returns>The same tensor.</returns>
    public Tensor Forward(Tensor x, TextKeys text)
    {
        Add(x, () =>
        {
            Tensor[] parts = _self.Forward(Norm(x, 0)).chunk(3, -1);
            return _selfOut.Forward(FastAttention.Compute(parts[0], parts[1], parts[2], _heads, _upcast));
        });
        Add(x, () => _crossOut.Forward(FastAttention.Compute(_query.Forward(Norm(x, 1)), text.Keys, text.Values, _heads, _upcast)));
        Add(x, () =>
        {
            Tensor[] halves = _gate.Forward(Norm(x, 2)).chunk(2, -1);
            return _out.Forward(nn.functional.gelu(halves[1]).mul_(halves[0]));
        });
        return x;
    }

    /// <summary>Computes the block with the loops of this folder.</summary>
    /// <param name="x">Modified in place.</param>
    /// <param name="text">From <see cref="KeysOf"/>.</param>
    public void Forward<T>(BlockSequences<T> x, TextKeys text)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        x.Attend(BlockNorm<T>(0), _self, _selfOut, (int)_heads, adds: true);
        x.AttendTo(BlockNorm<T>(1), _query, text, _crossOut, (int)_heads);
        x.Feed(BlockNorm<T>(2), _gate, _out);
    }

    private BlockNorm<T> BlockNorm<T>(int index)
        where T : unmanaged, IFloatingPointIeee754<T> => new(_norms[2 * index], _norms[2 * index + 1], Epsilon);

    private Tensor Norm(Tensor x, int index) =>
        nn.functional.layer_norm(x, [x.shape[^1]], _norms[2 * index], _norms[2 * index + 1], Epsilon);

    private static void Add(Tensor x, Func<Tensor> branch)
    {
        using var scope = NewDisposeScope();
        x.AddInPlace(branch());
    }
}

/// <summary><see cref="Layers.SpatialAttention"/> on channels-last maps, with queries, keys and values in one product.</summary>
internal sealed class FastSpatialAttention
{
    private readonly MapMemory _memory;
    private readonly FastNorm _norm;
    private readonly FastLinear _all;
    private readonly FastLinear _out;

    /// <inheritdoc cref="Layers.SpatialAttention(WeightScope, long, long, double)"/>
    public FastSpatialAttention(KeptTensors kept, WeightScope weights, long channels, long groups, double epsilon)
    {
        _memory = kept.Maps;
        _norm = new FastNorm(kept, weights["group_norm"], groups, channels, epsilon, null);
        _all = new FastLinear(kept, channels, channels, true, weights["to_q"], weights["to_k"], weights["to_v"]);
        _out = new FastLinear(kept, channels, channels, true, weights["to_out.0"]);
    }

    /// <summary>(B, H, W, C) → the same shape, owned by the caller.</summary>
    public FastMap Forward(FastMap x)
    {
        if (TensorMemory.SupportsSimd(x.Parts[0].Values))
            return x.Parts[0].Values.dtype == ScalarType.Float32 ? Forward<float>(x) : Forward<double>(x);
        using var scope = NewDisposeScope();
        Tensor[] parts = _all.Forward(_norm.Apply(x).flatten(1, 2)).chunk(3, -1);
        Tensor mixed = _out.Forward(FastAttention.Compute(parts[0], parts[1], parts[2], 1));
        Tensor before = x.Whole();
        return new FastMap(mixed.AddInPlace(before.flatten(1, 2)).view(before.shape)).MoveToOuterDisposeScope();
    }

    private FastMap Forward<T>(FastMap x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        Tensor before = x.Whole();
        using var sequences = new BlockSequences<T>(_memory, x.Batch, x.Height * x.Width, before.shape[3]);
        sequences.Enter(_norm.Apply(x));
        sequences.Attend(null, _all, _out, 1, adds: false);
        Tensor y = _memory.Rent(before.shape, before.dtype, out IDisposable lease);
        sequences.Leave(before, y);
        return new FastMap(y, lease: lease).MoveToOuterDisposeScope();
    }
}
