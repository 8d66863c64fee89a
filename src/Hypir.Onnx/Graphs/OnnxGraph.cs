using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Graphs;

/// <summary>
/// A graph of ONNX operations that is being built, for inputs of one size. It names the weights that it reads without holding them:
/// <see cref="OnnxModel"/> joins the two.
/// </summary>
/// <param name="limit">Elements that a tensor should have at most.</param>
public sealed class OnnxGraph(long limit = long.MaxValue)
{
    /// <summary>
    /// Version of the operator set: DirectML, WebGPU and the checker of Debian 12 all know it.
    /// </summary>
    public const int OperatorSet = 17;

    private readonly List<GraphValue> _inputs = [];
    private readonly List<GraphValue> _outputs = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, GraphConstant> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphWeight> _weights = new(StringComparer.Ordinal);
    private int _results;

    /// <summary>The inputs, in the order in which they were added.</summary>
    public IReadOnlyList<GraphValue> Inputs => _inputs;

    /// <summary>The results.</summary>
    public IReadOnlyList<GraphValue> Outputs => _outputs;

    /// <summary>The weights that the graph reads.</summary>
    public IReadOnlyCollection<GraphWeight> Weights => _weights.Values;

    /// <summary>
    /// Elements that a tensor should have at most, since a GPU binds each tensor as one buffer, whose size is limited. Operations that can
    /// be computed in parts keep below it.
    /// </summary>
    public long Limit => limit;

    /// <summary>Elements of the largest tensor, which exceeds the limit if an operation cannot be computed in parts.</summary>
    public long LargestTensor { get; private set; }

    internal IReadOnlyList<GraphNode> Nodes => _nodes;

    internal IReadOnlyCollection<GraphConstant> Constants => _constants.Values;

    /// <summary>Adds an input, float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its sizes.</param>
    public GraphValue Input(string name, params IReadOnlyList<long> shape) => Input(name, ElementKind.Float32, shape);

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">The type of its elements.</param>
    /// <param name="shape">Its sizes.</param>
    public GraphValue Input(string name, ElementKind kind, params IReadOnlyList<long> shape)
    {
        GraphValue input = Noted(new(name, shape) { Kind = kind });
        _inputs.Add(input);
        return input;
    }

    /// <summary>Makes a value a result of the graph.</summary>
    /// <param name="name">The result's name.</param>
    /// <param name="result">The value.</param>
    public void Output(string name, GraphValue result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _outputs.Add(new(name, result.Shape));
        _nodes.Add(new("Identity", [result.Name], [name], []));
    }

    /// <summary>A weight of the network.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="shape">The shape in which the graph reads the same elements; the weight's own if left out.</param>
    /// <exception cref="ArgumentException">
    /// The shapes have different numbers of elements, or the graph reads it in another shape.
    /// </exception>
    internal GraphValue Weight(WeightOutline weight, params IReadOnlyList<long> shape)
    {
        var value = new GraphValue(weight.Name, shape.Count > 0 ? shape : weight.Shape);
        if (value.Count != new GraphValue(weight.Name, weight.Shape).Count)
            throw new ArgumentException($"{weight.Name} has another number of elements.", nameof(shape));
        if (_weights.TryGetValue(weight.Name, out GraphWeight? known) && !known.Shape.SequenceEqual(value.Shape))
            throw new ArgumentException($"{weight.Name} is read in two shapes.", nameof(shape));
        _weights[weight.Name] = new(weight.Name, value.Shape);
        return Noted(value);
    }

    /// <summary>A number in every shape, for elementwise operations.</summary>
    internal GraphValue Number(double number) => Constant(ElementKind.Float32, [], MemoryMarshal.AsBytes<float>([(float)number]));

    /// <summary>float32 numbers of a shape.</summary>
    internal GraphValue Floats(ReadOnlySpan<float> numbers, params IReadOnlyList<long> shape) =>
        Constant(ElementKind.Float32, shape, MemoryMarshal.AsBytes(numbers));

    /// <summary>A list of integers: sizes, axes, indices.</summary>
    internal GraphValue Integers(params ReadOnlySpan<long> numbers) => Integers(numbers, [numbers.Length]);

    /// <summary>Integers of a shape.</summary>
    internal GraphValue Integers(ReadOnlySpan<long> numbers, IReadOnlyList<long> shape) =>
        Constant(ElementKind.Int64, shape, MemoryMarshal.AsBytes(numbers));

    /// <summary>Adds an operation with one result.</summary>
    /// <param name="kind">ONNX's name of the operation.</param>
    /// <param name="shape">The result's sizes.</param>
    /// <param name="inputs">What it reads; null for an optional input that is left out.</param>
    /// <param name="attributes">Its settings.</param>
    internal GraphValue Add(
        string kind, IReadOnlyList<long> shape, IReadOnlyList<GraphValue?> inputs, params IReadOnlyList<GraphAttribute> attributes) =>
        AddSeveral(kind, [shape], inputs, attributes)[0];

    /// <summary>Adds an operation with several results.</summary>
    /// <param name="kind">ONNX's name of the operation.</param>
    /// <param name="shapes">The results' sizes.</param>
    /// <param name="inputs">What it reads; null for an optional input that is left out.</param>
    /// <param name="attributes">Its settings.</param>
    internal IReadOnlyList<GraphValue> AddSeveral(
        string kind, IReadOnlyList<IReadOnlyList<long>> shapes, IReadOnlyList<GraphValue?> inputs,
        params IReadOnlyList<GraphAttribute> attributes)
    {
        GraphValue[] results = [.. shapes.Select(shape => Noted(new($"{kind}_{++_results}", shape)))];
        _nodes.Add(new(kind, [.. inputs.Select(input => input?.Name ?? "")], [.. results.Select(result => result.Name)], attributes));
        return results;
    }

    private GraphValue Constant(ElementKind kind, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        // Equal constants are one: most of them are sizes and axes that repeat in every block.
        string name = $"{kind}[{string.Join(',', shape)}]{Convert.ToHexString(SHA256.HashData(bytes))}";
        if (!_constants.TryGetValue(name, out GraphConstant? constant))
            _constants.Add(name, constant = new($"constant_{_constants.Count}", kind, shape, bytes.ToArray()));
        return Noted(new(constant.Name, shape));
    }

    private GraphValue Noted(GraphValue value)
    {
        LargestTensor = Math.Max(LargestTensor, value.Count);
        return value;
    }
}
