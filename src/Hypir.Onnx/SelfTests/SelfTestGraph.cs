using Hypir.Onnx.Graphs;
using Hypir.Onnx.Operators;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.SelfTests;

/// <summary>
/// A small graph with every operation that networks consist of, in the forms in which they have it. Each layer reads the same map and gives
/// a result of its own, so that a wrong number names the layer that is wrong.
/// </summary>
internal static class SelfTestGraph
{
    /// <summary>Name of the input.</summary>
    public const string Map = "map";

    private const long Channels = 16, Height = 16, Width = 24;
    private const double Epsilon = 1e-5;

    /// <summary>The layers by names that people may read.</summary>
    private static readonly (string Name, LayerOutline Layer)[] Layers =
    [
        ("convolution", new ConvLayer("conv", Channels, 24, 3)),
        ("convolution-1x1", new ConvLayer("conv1", Channels, 20, 1)),
        ("convolution-stride-2", new ConvLayer("conv2", Channels, 8, 3, 2)),
        ("convolution-by-channel", new ConvLayer("conv4", Channels, Channels, 5) { Groups = Channels }),
        ("transposed-convolution", new TransposedConvLayer("up", Channels, 8, 2, Bias: true)),
        ("group-norm", new GroupNormLayer("group", Channels, 4, Epsilon)),
        ("batch-norm", new BatchNormLayer("batch", Channels, Epsilon)),
        ("layer-norm", new LayerNormLayer("norm", Channels, Epsilon)),
        ("channel-attention", new ChannelAttentionLayer("means", Channels)),
        ("channel-rectifier", new PReluLayer("slope", Channels)),
        ("leaky-rectifier", new LeakyReluLayer(0.2)),
        ("relu", new ActivationLayer("relu")),
        ("mish", new ActivationLayer("mish")),
        ("silu", new ActivationLayer("silu")),
        ("gelu", new ActivationLayer("gelu")),
        ("gate", new GateLayer()),
        ("affine", new AffineLayer(0.7, 0.1)),
        ("pixel-shuffle", new ShuffleLayer(2)),
        ("pixel-unshuffle", new UnshuffleLayer(2)),
        ("repeat", new RepeatLayer(2)),
        ("maximum", new MaximumLayer(2)),
        ("reflected-margin", new MarginLayer(20, MarginKind.Reflected)),
        ("repeated-margin", new MarginLayer(20, MarginKind.Repeated)),
    ];

    /// <summary>Writes the graph.</summary>
    public static OnnxGraph Make()
    {
        var graph = new OnnxGraph();
        GraphValue map = graph.Input(Map, 1, Channels, Height, Width);
        foreach ((string name, LayerOutline layer) in Layers)
            graph.Output(name, graph.Layer(map, layer));
        GraphValue sequence = graph.ToSequence(map);
        GraphValue queries = graph.Linear(sequence, new("queries", Channels, 32, default));
        GraphValue keys = graph.Linear(sequence, new("keys", Channels, 32, default, Bias: false));
        graph.Output("linear", queries);
        graph.Output("attention", graph.Attention(queries, keys, queries, new(32, 4, default), 1, 1));
        GraphValue three = graph.EachPosition(graph.Transpose(map, 0, 2, 3, 1), new("three", Channels, 48, default));
        graph.Output("window-attention", graph.WindowAttention(three, new(new("table", [15 * 15, 4]), Channels, 4, 8, 4, -100)));
        graph.Output("crop", graph.Crop(map, Height - 3, Width - 5));
        graph.Output("join", graph.Join(1, map, graph.Expand(graph.Means(map), 1, Channels, Height, Width)));
        graph.Output("gather", graph.Enlarge(map, 3 * Height - 1, 3 * Width - 2));
        return graph;
    }

    /// <summary>The input's numbers: waves with grain, both signs.</summary>
    public static float[] Input() => Numbers(1, Channels * Height * Width);

    /// <summary>Numbers for a weight.</summary>
    /// <param name="index">Which of the graph's weights.</param>
    /// <param name="weight">The weight.</param>
    public static float[] Weight(int index, GraphWeight weight)
    {
        float[] numbers = Numbers(index + 2, weight.Shape.Aggregate(1L, (product, size) => product * size));
        // Variances are positive.
        return weight.Name.EndsWith("running_var", StringComparison.Ordinal) ? [.. numbers.Select(x => 0.5f + Math.Abs(x))] : numbers;
    }

    /// <summary>The same numbers on every machine, -1 to 1.</summary>
    private static float[] Numbers(int seed, long count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)count).Select(i => (float)(0.5 * Math.Sin(i * 0.37 + seed) + random.NextDouble() - 0.5))];
    }
}
