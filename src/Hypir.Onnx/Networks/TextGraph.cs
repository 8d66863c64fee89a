using Hypir.Onnx.Graphs;
using Hypir.Onnx.Operators;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Networks;

/// <summary>A text encoder as a graph, for one text.</summary>
public static class TextGraph
{
    /// <summary>Name of the input: the tokens' numbers, int64, (1, tokens).</summary>
    public const string Tokens = "tokens";

    /// <summary>Name of the result, (1, tokens, width).</summary>
    public const string Result = "result";

    /// <summary>Writes a text encoder.</summary>
    /// <param name="outline">The text encoder.</param>
    public static OnnxGraph Of(TextOutline outline)
    {
        ArgumentNullException.ThrowIfNull(outline);
        var graph = new OnnxGraph();
        GraphValue tokens = graph.Reshape(graph.Input(Tokens, ElementKind.Int64, 1, outline.Tokens), outline.Tokens);
        (EmbeddingLayer words, EmbeddingLayer positions) = (outline.Embeddings[0], outline.Embeddings[1]);
        GraphValue rows = graph.Add(
            "Gather", [outline.Tokens, outline.Width], [graph.Weight(words.Weights.Single()), tokens], new GraphAttribute("axis", 0L));
        GraphValue text = graph.Sum(rows, graph.Weight(positions.Weights.Single()));
        GraphValue mask = graph.Floats(Before(outline.Tokens), outline.Tokens, outline.Tokens);
        foreach (TextBlock block in outline.Blocks)
            text = Block(graph, text, block, mask);
        graph.Output(Result, graph.Reshape(graph.LayerNorm(text, outline.Norm), 1, outline.Tokens, outline.Width));
        return graph;
    }

    private static GraphValue Block(OnnxGraph graph, GraphValue text, TextBlock block, GraphValue mask)
    {
        var layers = new Queue<LayerOutline>(block.Layers);
        GraphValue normal = graph.LayerNorm(text, (LayerNormLayer)layers.Dequeue());
        GraphValue[] qkv = [.. Enumerable.Range(0, 3).Select(_ => graph.Linear(normal, (LinearLayer)layers.Dequeue()))];
        GraphValue mixed = graph.Attention(qkv[0], qkv[1], qkv[2], (AttentionLayer)layers.Dequeue(), 1, 1, mask);
        text = graph.Sum(text, graph.Linear(mixed, (LinearLayer)layers.Dequeue()));
        GraphValue inner = graph.LayerNorm(text, (LayerNormLayer)layers.Dequeue());
        return graph.Sum(text, layers.Aggregate(inner, graph.Layer));
    }

    /// <summary>Added to the scores: each token reads itself and those before it.</summary>
    private static float[] Before(long tokens)
    {
        var mask = new float[tokens * tokens];
        for (long query = 0; query < tokens; query++)
            Array.Fill(mask, float.NegativeInfinity, (int)(query * tokens + query + 1), (int)(tokens - query - 1));
        return mask;
    }
}
