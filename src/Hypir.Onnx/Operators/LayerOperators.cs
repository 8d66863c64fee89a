using Hypir.Onnx.Graphs;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Operators;

/// <summary>Layers of outlines that read one map, or one sequence, and nothing else.</summary>
internal static class LayerOperators
{
    /// <summary>Adds a layer's operations.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="map">What the layer reads.</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="NotSupportedException">The layer is of a kind without operations.</exception>
    public static GraphValue Layer(this OnnxGraph graph, GraphValue map, LayerOutline layer) => layer switch
    {
        ConvLayer conv => graph.Convolution(map, conv),
        MergedConvLayer merged => graph.Convolution(map, merged.Merged),
        TransposedConvLayer transposed => graph.Transposed(map, transposed),
        LinearLayer linear => graph.Linear(map, linear),
        GroupNormLayer norm => graph.GroupNorm(map, norm),
        BatchNormLayer norm => graph.BatchNorm(map, norm),
        LayerNormLayer norm => graph.ChannelNorm(map, norm),
        PReluLayer rectifier => graph.PRelu(map, rectifier),
        ActivationLayer activation => graph.Activation(map, activation.Function),
        LeakyReluLayer rectifier => graph.LeakyRelu(map, rectifier.Slope),
        AffineLayer affine => graph.Affine(map, affine.Factor, affine.Shift),
        CenterLayer center => graph.Sum(
            map, graph.Floats([.. center.Numbers.Select(number => -number)], center.Numbers.Count, 1, 1)),
        GateLayer => graph.Gated(map, 1, gates => gates),
        ChannelScaleLayer scale => graph.ByChannel(map, scale.Weights.Single(), null),
        ChannelAttentionLayer attention => graph.Multiply(
            map, graph.Convolution(graph.Means(map), new(attention.Name, attention.Channels, attention.Channels, 1))),
        ShuffleLayer shuffle => graph.Shuffle(map, shuffle.Factor),
        UnshuffleLayer unshuffle => graph.Unshuffle(map, unshuffle.Factor),
        RepeatLayer repeat => graph.Repeat(map, repeat.Factor),
        MeansLayer => graph.Means(map),
        VectorLayer vector => graph.Vector(map, vector),
        MaximumLayer maximum => graph.Maximum(map, maximum.Factor),
        MarginLayer margin => graph.Margin(map, margin),
        MarkerLayer => map,
        _ => throw new NotSupportedException($"{layer.GetType().Name} has no operation."),
    };

    /// <summary>
    /// Layer normalization over the channels of each position of a map: with the channels last, as ONNX's operation reads them.
    /// </summary>
    private static GraphValue ChannelNorm(this OnnxGraph graph, GraphValue map, LayerNormLayer layer)
    {
        GraphValue last = graph.Transpose(map, 0, 2, 3, 1);
        return graph.Transpose(graph.LayerNorm(last, layer), 0, 3, 1, 2);
    }
}
