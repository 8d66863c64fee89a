using System.Numerics;
using Hypir.Networks.Layers;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// <see cref="UNet.Transformer2DModel"/> on maps with channels last, which are sequences already: entering and leaving it are the same matrix products
/// whether the model has linear maps or 1x1 convolutions there.
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
        _blocks = [.. Enumerable.Range(0, config.TransformerLayers[level]).Select(i =>
            new FastTransformerBlock(kept, weights[$"transformer_blocks.{i}"], width, config.CrossAttentionDim, config.Heads[level], config.UpcastAttention))];
        _projOut = new FastLinear(kept, width, width, true, Projection("proj_out"));

        WeightScope Projection(string name) => config.UseLinearProjection ? weights[name] : new(new FlatKernel(weights[name]));
    }

    /// <summary>Keys and values of the text for each block.</summary>
    /// <param name="text">(1, tokens, context width).</param>
    /// <returns>Owned by the caller.</returns>
    public IEnumerable<TextKeys> KeysOf(Tensor text) => _blocks.Select(block => block.KeysOf(text));

    /// <summary>The transformer's result.</summary>
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
