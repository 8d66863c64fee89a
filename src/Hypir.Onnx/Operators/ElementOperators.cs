using Hypir.Onnx.Graphs;

namespace Hypir.Onnx.Operators;

/// <summary>Operations element by element, and on shapes.</summary>
internal static class ElementOperators
{
    // √½, and the factor of GELU's quick form.
    private const double HalfRoot = 0.70710678118654752;
    private const double QuickGelu = 1.702;

    /// <summary>The sum of two tensors; the second may have fewer or single sizes.</summary>
    public static GraphValue Sum(this OnnxGraph graph, GraphValue x, GraphValue y) => graph.Add("Add", x.Shape, [x, y]);

    /// <summary>The product of two tensors; the second may have fewer or single sizes.</summary>
    public static GraphValue Multiply(this OnnxGraph graph, GraphValue x, GraphValue y) => graph.Add("Mul", x.Shape, [x, y]);

    /// <summary>x · factor + shift.</summary>
    public static GraphValue Affine(this OnnxGraph graph, GraphValue x, double factor, double shift)
    {
        GraphValue scaled = factor == 1 ? x : graph.Multiply(x, graph.Number(factor));
        return shift == 0 ? scaled : graph.Sum(scaled, graph.Number(shift));
    }

    /// <summary>An activation function by its name in a configuration.</summary>
    /// <exception cref="NotSupportedException">There is no such function.</exception>
    public static GraphValue Activation(this OnnxGraph graph, GraphValue x, string function) => function switch
    {
        "relu" => graph.Add("Relu", x.Shape, [x]),
        "sigmoid" => graph.Sigmoid(x),
        "tanh" => graph.Add("Tanh", x.Shape, [x]),
        "mish" => graph.Multiply(x, graph.Activation(graph.Add("Softplus", x.Shape, [x]), "tanh")),
        "silu" or "swish" => graph.Multiply(x, graph.Sigmoid(x)),
        "gelu" => graph.GeluOf(x),
        "quick_gelu" => graph.Multiply(x, graph.Sigmoid(graph.Affine(x, QuickGelu, 0))),
        "geglu" => graph.Gated(x, x.Shape.Count - 1, graph.GeluOf),
        _ => throw new NotSupportedException($"The activation function \"{function}\" has no operation."),
    };

    /// <summary>The first half of a dimension times a function of the second.</summary>
    public static GraphValue Gated(this OnnxGraph graph, GraphValue x, int dimension, Func<GraphValue, GraphValue> function)
    {
        IReadOnlyList<GraphValue> halves = graph.Split(x, dimension, 2);
        return graph.Multiply(halves[0], function(halves[1]));
    }

    /// <summary>A rectifier that multiplies negative numbers by a slope.</summary>
    public static GraphValue LeakyRelu(this OnnxGraph graph, GraphValue x, double slope) =>
        graph.Add("LeakyRelu", x.Shape, [x], new GraphAttribute("alpha", (float)slope));

    /// <summary>The same elements in another shape.</summary>
    public static GraphValue Reshape(this OnnxGraph graph, GraphValue x, params IReadOnlyList<long> shape) =>
        x.Shape.SequenceEqual(shape) ? x : graph.Add("Reshape", shape, [x, graph.Integers([.. shape])]);

    /// <summary>Dimensions in another order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="order">For each dimension of the result, the input's.</param>
    public static GraphValue Transpose(this OnnxGraph graph, GraphValue x, params long[] order) =>
        graph.Add("Transpose", [.. order.Select(dimension => x.Shape[(int)dimension])], [x], new GraphAttribute("perm", order));

    /// <summary>Tensors one after the other along a dimension.</summary>
    public static GraphValue Join(this OnnxGraph graph, int dimension, params IReadOnlyList<GraphValue> parts)
    {
        long[] shape = [.. parts[0].Shape];
        shape[dimension] = parts.Sum(part => part.Shape[dimension]);
        return graph.Add("Concat", shape, parts, new GraphAttribute("axis", (long)dimension));
    }

    /// <summary>A tensor in equal parts along a dimension.</summary>
    public static IReadOnlyList<GraphValue> Split(this OnnxGraph graph, GraphValue x, int dimension, int parts)
    {
        long[] sizes = new long[parts];
        Array.Fill(sizes, x.Shape[dimension] / parts);
        return graph.Split(x, dimension, sizes);
    }

    /// <summary>A tensor in parts of given sizes along a dimension.</summary>
    public static IReadOnlyList<GraphValue> Split(this OnnxGraph graph, GraphValue x, int dimension, IReadOnlyList<long> sizes)
    {
        return graph.AddSeveral(
            "Split", [.. sizes.Select(Shape)], [x, graph.Integers([.. sizes])], new GraphAttribute("axis", (long)dimension));

        long[] Shape(long size)
        {
            long[] shape = [.. x.Shape];
            shape[dimension] = size;
            return shape;
        }
    }

    /// <summary>A tensor whose beginning along a dimension is moved to its end; a negative count moves its end to the beginning.</summary>
    public static GraphValue Roll(this OnnxGraph graph, GraphValue x, int dimension, long count)
    {
        long size = x.Shape[dimension], first = (count % size + size) % size;
        return first == 0 ? x : graph.Split(x, dimension, [first, size - first]) is [var begin, var end]
            ? graph.Join(dimension, end, begin)
            : throw new InvalidOperationException();
    }

    /// <summary>A tensor with single sizes, repeated to a shape.</summary>
    public static GraphValue Expand(this OnnxGraph graph, GraphValue x, params IReadOnlyList<long> shape) =>
        graph.Add("Expand", shape, [x, graph.Integers([.. shape])]);

    private static GraphValue Sigmoid(this OnnxGraph graph, GraphValue x) => graph.Add("Sigmoid", x.Shape, [x]);

    /// <summary>x Φ(x), by the error function.</summary>
    private static GraphValue GeluOf(this OnnxGraph graph, GraphValue x)
    {
        GraphValue error = graph.Add("Erf", x.Shape, [graph.Affine(x, HalfRoot, 0)]);
        return graph.Affine(graph.Multiply(x, graph.Affine(error, 1, 1)), 0.5, 0);
    }
}
