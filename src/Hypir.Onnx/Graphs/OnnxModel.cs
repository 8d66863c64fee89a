using Hypir.Onnx.Wire;

namespace Hypir.Onnx.Graphs;

/// <summary>Where a graph's weight is.</summary>
public abstract record WeightPlace
{
    private WeightPlace()
    {
    }

    /// <summary>In the model itself.</summary>
    /// <param name="Bytes">float32 numbers, little-endian, row by row.</param>
    public sealed record Within(ReadOnlyMemory<byte> Bytes) : WeightPlace;

    /// <summary>In a file, as float32 numbers.</summary>
    /// <param name="File">The file's name within the folder that the session reads such files from.</param>
    /// <param name="Offset">Where it begins, in bytes.</param>
    /// <param name="Length">Its length in bytes.</param>
    public sealed record InFile(string File, long Offset, long Length) : WeightPlace;

    /// <summary>In memory, as float32 numbers, which the session copies when it is created.</summary>
    /// <param name="Address">Where it begins.</param>
    /// <param name="Length">Its length in bytes.</param>
    public sealed record InMemory(nint Address, long Length) : WeightPlace;
}

/// <summary>Writes graphs as ONNX models, by the fields of <c>onnx.proto</c> (onnx.ai; each named beside its number here).</summary>
public static class OnnxModel
{
    // The version of the format that came with the operator set.
    private const int FormatVersion = 8;
    private const int FloatSetting = 1;
    private const int IntegerSetting = 2;
    private const int TextSetting = 3;
    private const int IntegersSetting = 7;
    private const int External = 1;

    /// <summary>Writes a model.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Gives each weight's place.</param>
    /// <returns>The model as a file holds it; at most 2 GiB, which only weights within the model can exceed.</returns>
    public static byte[] Write(OnnxGraph graph, Func<GraphWeight, WeightPlace> weights)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        var model = new WireWriter();
        model.Number(1, FormatVersion); // ir_version
        model.Text(2, "Hypir"); // producer_name
        model.Message(7, inner => Graph(inner, graph, weights)); // graph
        model.Message(8, set => set.Number(2, OnnxGraph.OperatorSet)); // opset_import: version, of the standard operators
        return model.Bytes.ToArray();
    }

    private static void Graph(WireWriter writer, OnnxGraph graph, Func<GraphWeight, WeightPlace> weights)
    {
        foreach (GraphNode node in graph.Nodes)
            writer.Message(1, inner => Node(inner, node)); // node
        writer.Text(2, "network"); // name
        foreach (GraphConstant constant in graph.Constants)
        {
            writer.Message(5, tensor => // initializer
            {
                Header(tensor, constant.Name, constant.Kind, constant.Shape);
                tensor.Block(9, constant.Bytes); // raw_data
            });
        }

        foreach (GraphWeight weight in graph.Weights)
            writer.Message(5, tensor => Weight(tensor, weight, weights(weight)));
        foreach (GraphValue input in graph.Inputs)
            writer.Message(11, inner => Description(inner, input)); // input
        foreach (GraphValue output in graph.Outputs)
            writer.Message(12, inner => Description(inner, output)); // output
    }

    private static void Node(WireWriter writer, GraphNode node)
    {
        foreach (string input in node.Inputs)
            writer.Text(1, input); // input
        foreach (string output in node.Outputs)
            writer.Text(2, output); // output
        writer.Text(3, node.Outputs[0]); // name
        writer.Text(4, node.Operator); // op_type
        foreach (GraphAttribute attribute in node.Attributes)
            writer.Message(5, inner => Attribute(inner, attribute)); // attribute
    }

    private static void Attribute(WireWriter writer, GraphAttribute attribute)
    {
        writer.Text(1, attribute.Name); // name
        switch (attribute.Setting)
        {
            case float number:
                writer.Float(2, number); // f
                writer.Number(20, FloatSetting); // type
                break;
            case long number:
                writer.Number(3, number); // i
                writer.Number(20, IntegerSetting);
                break;
            case string text:
                writer.Text(4, text); // s
                writer.Number(20, TextSetting);
                break;
            case long[] numbers:
                writer.Numbers(8, numbers); // ints
                writer.Number(20, IntegersSetting);
                break;
            default:
                throw new ArgumentException($"{attribute.Name} has a setting of an unknown type.", nameof(attribute));
        }
    }

    private static void Weight(WireWriter writer, GraphWeight weight, WeightPlace place)
    {
        Header(writer, weight.Name, ElementKind.Float32, weight.Shape);
        switch (place)
        {
            case WeightPlace.Within within:
                writer.Block(9, within.Bytes.Span); // raw_data
                break;
            case WeightPlace.InFile file:
                Outside(writer, file.File, file.Offset, file.Length);
                break;
            // The session has the memory before it would open such a file.
            case WeightPlace.InMemory memory:
                Outside(writer, weight.Name, 0, memory.Length);
                break;
        }
    }

    private static void Outside(WireWriter writer, string location, long offset, long length)
    {
        Entry(writer, "location", location);
        Entry(writer, "offset", FormattableString.Invariant($"{offset}"));
        Entry(writer, "length", FormattableString.Invariant($"{length}"));
        writer.Number(14, External); // data_location
    }

    private static void Entry(WireWriter writer, string key, string text) =>
        writer.Message(13, entry => // external_data
        {
            entry.Text(1, key); // key
            entry.Text(2, text); // value
        });

    private static void Header(WireWriter writer, string name, ElementKind kind, IReadOnlyList<long> shape)
    {
        writer.Numbers(1, shape); // dims
        writer.Number(2, (long)kind); // data_type
        writer.Text(8, name); // name
    }

    private static void Description(WireWriter writer, GraphValue value)
    {
        writer.Text(1, value.Name); // name
        writer.Message(2, type => type.Message(1, tensor => // type: tensor_type
        {
            tensor.Number(1, (long)value.Kind); // elem_type
            tensor.Message(2, shape => // shape
            {
                foreach (long size in value.Shape)
                    shape.Message(1, dimension => dimension.Number(1, size)); // dim: dim_value
            });
        }));
    }
}
