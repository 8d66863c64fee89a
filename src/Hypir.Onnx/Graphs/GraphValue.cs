namespace Hypir.Onnx.Graphs;

/// <summary>A tensor of a graph: an input, a weight, a constant or a node's result.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Its sizes; all are known, since a graph is made for maps of one size.</param>
public sealed record GraphValue(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>The type of its elements.</summary>
    public ElementKind Kind { get; init; } = ElementKind.Float32;

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Its length in memory.</summary>
    public long Bytes => Count * (Kind == ElementKind.Int64 ? sizeof(long) : sizeof(float));
}

/// <summary>A tensor that the network's weights provide.</summary>
/// <param name="Name">Its name among the network's weights.</param>
/// <param name="Shape">The shape in which the graph reads it, with as many elements as the weight.</param>
public sealed record GraphWeight(string Name, IReadOnlyList<long> Shape);

/// <summary>A small tensor that belongs to the graph itself.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Kind">The type of its elements.</param>
/// <param name="Shape">Its sizes; none for a single number.</param>
/// <param name="Bytes">Its elements, little-endian.</param>
internal sealed record GraphConstant(string Name, ElementKind Kind, IReadOnlyList<long> Shape, byte[] Bytes);

/// <summary>One operation of a graph.</summary>
/// <param name="Operator">ONNX's name for it.</param>
/// <param name="Inputs">Names of what it reads; empty for an optional input that is left out.</param>
/// <param name="Outputs">Names of its results.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record GraphNode(
    string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<GraphAttribute> Attributes);

/// <summary>A setting of an operation: an integer, a float, text, or a list of integers.</summary>
/// <param name="Name">ONNX's name for it.</param>
/// <param name="Setting">The setting: long, float, string or long[].</param>
internal readonly record struct GraphAttribute(string Name, object Setting);

/// <summary>Types of elements, by ONNX's numbers for them.</summary>
public enum ElementKind
{
    /// <summary>Not a type.</summary>
    Undefined = 0,

    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>64-bit integers.</summary>
    Int64 = 7,
}
