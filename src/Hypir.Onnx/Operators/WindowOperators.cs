using Hypir.Onnx.Graphs;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Operators;

/// <summary>Operations on the positions of a map, (B, H, W, C), and on windows of them. Tensors have five dimensions at most.</summary>
internal static class WindowOperators
{
    /// <summary>A linear map of each position.</summary>
    public static GraphValue EachPosition(this OnnxGraph graph, GraphValue map, LinearLayer layer)
    {
        GraphValue rows = graph.Reshape(map, map.Count / layer.InWidth, layer.InWidth);
        return graph.Reshape(graph.Linear(rows, layer), [.. map.Shape.SkipLast(1), layer.OutWidth]);
    }

    /// <summary>Attention within windows.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="map">Queries, keys and values, (B, H, W, 3 · width).</param>
    /// <param name="layer">The layer.</param>
    /// <returns>(B, H, W, width).</returns>
    public static GraphValue WindowAttention(this OnnxGraph graph, GraphValue map, WindowAttentionLayer layer)
    {
        (long batch, long height, long width) = (map.Shape[0], map.Shape[1], map.Shape[2]);
        (long side, long heads, long each) = (layer.Window, layer.Heads, layer.Width / layer.Heads);
        (long rows, long columns, long count) = (height / side, width / side, side * side);
        long windows = batch * rows * columns;
        GraphValue rolled = graph.Roll(graph.Roll(map, 1, layer.Shift), 2, layer.Shift);
        GraphValue cut = graph.Transpose(graph.Reshape(rolled, batch * rows, side, columns, side, 3 * layer.Width), 0, 2, 1, 3, 4);
        GraphValue parts = graph.Transpose(graph.Reshape(cut, windows, count, 3, heads, each), 2, 0, 3, 1, 4);
        GraphValue[] qkv = [.. graph.Split(parts, 0, 3).Select(part => graph.Reshape(part, windows, heads, count, each))];
        GraphValue scores = graph.Add(
            "MatMul", [windows, heads, count, count],
            [graph.Affine(qkv[0], 1 / Math.Sqrt(each), 0), graph.Transpose(qkv[1], 0, 1, 3, 2)]);
        scores = graph.Sum(scores, graph.RelativeBias(layer));
        if (layer.Shift > 0)
            scores = graph.Sum(scores, graph.Hidden(layer, batch, height, width));
        GraphValue weights = graph.Add("Softmax", scores.Shape, [scores], new GraphAttribute("axis", -1L));
        GraphValue mixed = graph.Add("MatMul", [windows, heads, count, each], [weights, qkv[2]]);
        GraphValue positions = graph.Reshape(
            graph.Transpose(mixed, 0, 2, 1, 3), batch * rows, columns, side, side, layer.Width);
        GraphValue joined = graph.Reshape(graph.Transpose(positions, 0, 2, 1, 3, 4), batch, height, width, layer.Width);
        return graph.Roll(graph.Roll(joined, 1, -layer.Shift), 2, -layer.Shift);
    }

    /// <summary>The table's entry for each query and each key, (1, heads, positions, positions): query minus key, row by row.</summary>
    private static GraphValue RelativeBias(this OnnxGraph graph, WindowAttentionLayer layer)
    {
        (long side, long count, long entries) = (layer.Window, layer.Window * layer.Window, 2 * layer.Window - 1);
        var indices = new long[count * count];
        for (long query = 0; query < count; query++)
        {
            for (long key = 0; key < count; key++)
            {
                long row = query / side - key / side + side - 1, column = query % side - key % side + side - 1;
                indices[query * count + key] = row * entries + column;
            }
        }

        bool headsFirst = layer.Table.Shape.Count == 3;
        long[] shape = headsFirst ? [layer.Heads, entries * entries] : [entries * entries, layer.Heads];
        GraphValue table = graph.Weight(layer.Table, shape);
        GraphValue byHead = headsFirst ? table : graph.Transpose(table, 1, 0);
        GraphValue found = graph.Add(
            "Gather", [layer.Heads, indices.Length], [byHead, graph.Integers(indices)], new GraphAttribute("axis", 1L));
        return graph.Reshape(found, 1, layer.Heads, count, count);
    }

    /// <summary>
    /// What is added to the scores of a rolled map, (windows, 1, positions, positions). The graph holds each position's region, and
    /// compares them itself: all comparisons together would be larger than the map.
    /// </summary>
    private static GraphValue Hidden(this OnnxGraph graph, WindowAttentionLayer layer, long batch, long height, long width)
    {
        (long side, long shift) = (layer.Window, layer.Shift);
        (long windows, long count) = (batch * (height / side) * (width / side), side * side);
        var regions = new float[windows * count];
        int place = 0;
        for (long map = 0; map < batch; map++)
        {
            for (long window = 0; window < windows / batch; window++)
            {
                long top = window / (width / side) * side, left = window % (width / side) * side;
                for (long position = 0; position < count; position++)
                    regions[place++] = 3 * Region(top + position / side, height) + Region(left + position % side, width);
            }
        }

        GraphValue queries = graph.Floats(regions, windows, 1, count, 1), keys = graph.Floats(regions, windows, 1, 1, count);
        GraphValue together = graph.Add("Equal", [windows, 1, count, count], [queries, keys]);
        return graph.Add("Where", together.Shape, [together, graph.Number(0), graph.Number(layer.Hidden)]);

        // Behind the roll, the last window consists of its own positions and of those from the opposite edge.
        long Region(long at, long size) => at < size - side ? 0 : at < size - shift ? 1 : 2;
    }
}
