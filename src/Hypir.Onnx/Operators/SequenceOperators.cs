using Hypir.Onnx.Graphs;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Operators;

/// <summary>
/// Operations on sequences, which are matrices here: a row for each element of each map of the batch, (B · N, C).
/// </summary>
internal static class SequenceOperators
{
    /// <summary>The positions of a map as a sequence: (B, C, H, W) → (B · H · W, C).</summary>
    public static GraphValue ToSequence(this OnnxGraph graph, GraphValue map)
    {
        long batch = map.Shape[0], channels = map.Shape[1], positions = map.Shape[2] * map.Shape[3];
        GraphValue rows = graph.Transpose(graph.Reshape(map, batch, channels, positions), 0, 2, 1);
        return graph.Reshape(rows, batch * positions, channels);
    }

    /// <summary>The map of a sequence: (B · H · W, C) → (B, C, H, W).</summary>
    public static GraphValue ToMap(this OnnxGraph graph, GraphValue sequence, MapSize size)
    {
        long channels = sequence.Shape[1];
        GraphValue columns = graph.Transpose(graph.Reshape(sequence, size.Batch, size.Each, channels), 0, 2, 1);
        return graph.Reshape(columns, size.Batch, channels, size.Height, size.Width);
    }

    /// <summary>A linear map of each element.</summary>
    public static GraphValue Linear(this OnnxGraph graph, GraphValue sequence, LinearLayer layer) => graph.Add(
        "Gemm", [sequence.Shape[0], layer.OutWidth], [sequence, .. layer.Weights.Select(weight => graph.Weight(weight))],
        new GraphAttribute("transB", 1L));

    /// <summary>Layer normalization of the last dimension.</summary>
    public static GraphValue LayerNorm(this OnnxGraph graph, GraphValue x, LayerNormLayer layer) => graph.Add(
        "LayerNormalization", x.Shape, [x, .. layer.Weights.Select(weight => graph.Weight(weight))],
        new GraphAttribute("axis", -1L), new GraphAttribute("epsilon", (float)layer.Epsilon));

    /// <summary>
    /// Attention, <c>softmax(Q Kᵀ / √d + mask) V</c> for each head. Queries are taken in as many parts as it takes to keep the scores below
    /// the graph's limit.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="queries">(B · N, width).</param>
    /// <param name="keys">(B · M, width), or (M, width) for all maps of the batch.</param>
    /// <param name="values">As the keys.</param>
    /// <param name="layer">Widths and heads.</param>
    /// <param name="batch">Maps in the batch, B.</param>
    /// <param name="keyBatch">Sequences of keys: B or 1.</param>
    /// <param name="mask">(N, M), added to the scores; null for none.</param>
    /// <returns>(B · N, width).</returns>
    public static GraphValue Attention(
        this OnnxGraph graph, GraphValue queries, GraphValue keys, GraphValue values, AttentionLayer layer, long batch, long keyBatch,
        GraphValue? mask = null)
    {
        long each = layer.Width / layer.Heads, count = queries.Shape[0] / batch, read = keys.Shape[0] / keyBatch;
        GraphValue q = graph.Affine(Heads(queries, batch, count, 0, 2, 1, 3), 1 / Math.Sqrt(each), 0);
        GraphValue k = Heads(keys, keyBatch, read, 0, 2, 3, 1), v = Heads(values, keyBatch, read, 0, 2, 1, 3);
        long parts = Parts(count, graph.Limit / Math.Max(batch * layer.Heads * read, 1));
        IReadOnlyList<GraphValue> cut = parts == 1 ? [q] : graph.Split(q, 2, (int)parts);
        IReadOnlyList<GraphValue>? masks = mask is null ? null : parts == 1 ? [mask] : graph.Split(mask, 0, (int)parts);
        GraphValue[] mixed = [.. cut.Select((part, index) => Mixed(part, masks?[index]))];
        GraphValue joined = mixed.Length == 1 ? mixed[0] : graph.Join(2, mixed);
        return graph.Reshape(graph.Transpose(joined, 0, 2, 1, 3), batch * count, layer.Width);

        GraphValue Heads(GraphValue sequence, long maps, long length, params long[] order) =>
            graph.Transpose(graph.Reshape(sequence, maps, length, layer.Heads, each), order);

        GraphValue Mixed(GraphValue part, GraphValue? added)
        {
            GraphValue scores = graph.Add("MatMul", [batch, layer.Heads, part.Shape[2], read], [part, k]);
            if (added is not null)
                scores = graph.Sum(scores, added);
            GraphValue weights = graph.Add("Softmax", scores.Shape, [scores], new GraphAttribute("axis", -1L));
            return graph.Add("MatMul", [batch, layer.Heads, part.Shape[2], each], [weights, v]);
        }
    }

    /// <summary>The least number of equal parts of a count that have at most as many elements; as many parts as elements at most.</summary>
    private static long Parts(long count, long most)
    {
        long parts = 1;
        while (parts < count && (count % parts != 0 || count / parts > most))
            parts++;
        return parts;
    }
}
