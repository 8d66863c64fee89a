using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Between levels: a 3x3 convolution that halves a map, or enlarges it first.</summary>
internal sealed class FastSampler
{
    private readonly FastConv _conv;
    private readonly bool _padAfter;

    private FastSampler(FastConv conv, bool padAfter = false) => (_conv, _padAfter) = (conv, padAfter);

    /// <inheritdoc cref="Layers.Downsample2D(WeightScope, long, long)"/>
    public static FastSampler Down(KeptTensors kept, WeightScope weights, long channels, long padding) =>
        new(new FastConv(kept, weights["conv"], channels, channels, 3, stride: 2, padding: padding), padding == 0);

    /// <inheritdoc cref="Layers.Upsample2D(WeightScope, long)"/>
    public static FastSampler Up(KeptTensors kept, WeightScope weights, long channels) => new(new FastConv(kept, weights["conv"], channels, channels, 3));

    /// <summary>Halves a map.</summary>
    public FastMap Halve(FastMap x)
    {
        using var scope = NewDisposeScope();
        return _conv.Forward(_padAfter ? new(nn.functional.pad(x.Whole(), [0, 0, 0, 1, 0, 1])) : x).MoveToOuterDisposeScope();
    }

    /// <summary>Enlarges a map to a size.</summary>
    public FastMap Enlarge(FastMap x, long height, long width) => _conv.Forward(x, enlarged: (height, width));
}
