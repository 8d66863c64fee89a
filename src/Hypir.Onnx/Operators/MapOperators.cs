using Hypir.Onnx.Graphs;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Operators;

/// <summary>Operations on maps (B, C, H, W).</summary>
internal static class MapOperators
{
    /// <summary>A convolution.</summary>
    public static GraphValue Convolution(this OnnxGraph graph, GraphValue map, ConvLayer layer)
    {
        // With a stride of 2 and no padding, kernels that do not fit into the map get zeros after the last row and column.
        long after = layer is { Padding: 0, Stride: 2, Kernel: 3 } ? 1 : layer.Padding;
        long height = Size(map.Shape[2]), width = Size(map.Shape[3]);
        WeightOutline[] weights = [.. layer.Weights];
        return graph.Add(
            "Conv", [map.Shape[0], layer.OutChannels, height, width], [map, .. weights.Select(weight => graph.Weight(weight))],
            new GraphAttribute("kernel_shape", new[] { layer.Kernel, layer.Kernel }),
            new GraphAttribute("strides", new[] { layer.Stride, layer.Stride }),
            new GraphAttribute("pads", new[] { layer.Padding, layer.Padding, after, after }),
            new GraphAttribute("group", layer.Groups));

        long Size(long size) => (size + layer.Padding + after - layer.Kernel) / layer.Stride + 1;
    }

    /// <summary>A transposed convolution whose stride is its kernel's side.</summary>
    public static GraphValue Transposed(this OnnxGraph graph, GraphValue map, TransposedConvLayer layer)
    {
        long[] sides = [layer.Factor, layer.Factor];
        return graph.Add(
            "ConvTranspose", [map.Shape[0], layer.OutChannels, layer.Factor * map.Shape[2], layer.Factor * map.Shape[3]],
            [map, .. layer.Weights.Select(weight => graph.Weight(weight))],
            new GraphAttribute("kernel_shape", sides), new GraphAttribute("strides", sides));
    }

    /// <summary>
    /// A map times and plus one number for each channel; either may be left out.
    /// </summary>
    public static GraphValue ByChannel(this OnnxGraph graph, GraphValue map, WeightOutline? scale, WeightOutline? shift)
    {
        GraphValue result = map;
        if (scale is not null)
            result = graph.Multiply(result, graph.OfChannels(scale));
        return shift is null ? result : graph.Sum(result, graph.OfChannels(shift));
    }

    /// <summary>A weight with one number for each channel, in the shape (C, 1, 1).</summary>
    public static GraphValue OfChannels(this OnnxGraph graph, WeightOutline weight) =>
        graph.Weight(weight, new GraphValue(weight.Name, weight.Shape).Count, 1, 1);

    /// <summary>
    /// Group normalization: instance normalization of groups as channels, which every provider has, then each channel's scale and shift.
    /// </summary>
    public static GraphValue GroupNorm(this OnnxGraph graph, GraphValue map, GroupNormLayer layer)
    {
        WeightOutline[] weights = [.. layer.Weights];
        float[] ones = new float[layer.Groups];
        Array.Fill(ones, 1);
        GraphValue groups = graph.Reshape(map, map.Shape[0], layer.Groups, map.Count / map.Shape[0] / layer.Groups);
        GraphValue normal = graph.Add(
            "InstanceNormalization", groups.Shape,
            [groups, graph.Floats(ones, layer.Groups), graph.Floats(new float[layer.Groups], layer.Groups)],
            new GraphAttribute("epsilon", (float)layer.Epsilon));
        return graph.ByChannel(graph.Reshape(normal, map.Shape), weights[0], weights[1]);
    }

    /// <summary>Batch normalization by recorded statistics.</summary>
    public static GraphValue BatchNorm(this OnnxGraph graph, GraphValue map, BatchNormLayer layer) => graph.Add(
        "BatchNormalization", map.Shape, [map, .. layer.Weights.Select(weight => graph.Weight(weight))],
        new GraphAttribute("epsilon", (float)layer.Epsilon));

    /// <summary>A rectifier with a slope for each channel.</summary>
    public static GraphValue PRelu(this OnnxGraph graph, GraphValue map, PReluLayer layer) =>
        graph.Add("PRelu", map.Shape, [map, graph.OfChannels(layer.Weights.Single())]);

    /// <summary>A linear map of a vector, which is a map of one position: a convolution with the same weights.</summary>
    public static GraphValue Vector(this OnnxGraph graph, GraphValue vector, VectorLayer layer)
    {
        WeightOutline[] weights = [.. layer.Weights];
        return graph.Add(
            "Conv", [vector.Shape[0], layer.OutWidth, 1, 1],
            [vector, graph.Weight(weights[0], layer.OutWidth, layer.InWidth, 1, 1), graph.Weight(weights[1])],
            new GraphAttribute("kernel_shape", new[] { 1L, 1L }));
    }

    /// <summary>The means of the channels, (B, C, 1, 1).</summary>
    public static GraphValue Means(this OnnxGraph graph, GraphValue map) =>
        graph.Add("GlobalAveragePool", [map.Shape[0], map.Shape[1], 1, 1], [map]);

    /// <summary>Each position repeated: factor times as many rows and columns.</summary>
    public static GraphValue Repeat(this OnnxGraph graph, GraphValue map, int factor) => factor == 1 ? map : graph.Add(
        "Resize", [map.Shape[0], map.Shape[1], factor * map.Shape[2], factor * map.Shape[3]],
        [map, null, graph.Floats([1, 1, factor, factor], 4)],
        new GraphAttribute("mode", "nearest"), new GraphAttribute("nearest_mode", "floor"),
        new GraphAttribute("coordinate_transformation_mode", "asymmetric"));

    /// <summary>The nearest position's numbers in another size, up to about twice as many rows and columns.</summary>
    public static GraphValue Enlarge(this OnnxGraph graph, GraphValue map, long height, long width)
    {
        // Each position twice, but for one row or column less where the size on the way down was odd.
        bool repeats = height <= 2 * map.Shape[2] && width <= 2 * map.Shape[3];
        return repeats && height > 2 * map.Shape[2] - 2 && width > 2 * map.Shape[3] - 2
            ? graph.Crop(graph.Repeat(map, 2), height, width)
            : graph.Nearest(graph.Nearest(map, 2, height), 3, width);
    }

    /// <summary>Pixels of channels, ordered as in PyTorch.</summary>
    public static GraphValue Shuffle(this OnnxGraph graph, GraphValue map, int factor) => factor == 1 ? map : graph.Add(
        "DepthToSpace", [map.Shape[0], map.Shape[1] / (factor * factor), factor * map.Shape[2], factor * map.Shape[3]], [map],
        new GraphAttribute("blocksize", (long)factor), new GraphAttribute("mode", "CRD"));

    /// <summary>Channels of pixels, ordered as in PyTorch; ONNX's own operation orders them differently.</summary>
    public static GraphValue Unshuffle(this OnnxGraph graph, GraphValue map, int factor)
    {
        IReadOnlyList<long> s = map.Shape;
        GraphValue cut = graph.Reshape(map, s[0], s[1], s[2] / factor, factor, s[3] / factor, factor);
        return graph.Reshape(
            graph.Transpose(cut, 0, 1, 3, 5, 2, 4), s[0], s[1] * factor * factor, s[2] / factor, s[3] / factor);
    }

    /// <summary>The largest number of each field of positions.</summary>
    public static GraphValue Maximum(this OnnxGraph graph, GraphValue map, int factor) => factor == 1 ? map : graph.Add(
        "MaxPool", [map.Shape[0], map.Shape[1], map.Shape[2] / factor, map.Shape[3] / factor], [map],
        new GraphAttribute("kernel_shape", new long[] { factor, factor }), new GraphAttribute("strides", new long[] { factor, factor }));

    /// <summary>Rows below and columns to the right.</summary>
    public static GraphValue Margin(this OnnxGraph graph, GraphValue map, MarginLayer layer)
    {
        IReadOnlyList<long> s = map.Shape;
        long below = Missing(s[2], layer.Multiple), right = Missing(s[3], layer.Multiple);
        return below == 0 && right == 0 ? map : graph.Add(
            "Pad", [s[0], s[1], s[2] + below, s[3] + right], [map, graph.Integers(0, 0, 0, 0, 0, 0, below, right)],
            new GraphAttribute("mode", layer.Kind switch
            {
                MarginKind.Reflected => "reflect",
                MarginKind.Repeated => "edge",
                _ => "constant",
            }));
    }

    /// <summary>The first rows and columns of a map.</summary>
    public static GraphValue Crop(this OnnxGraph graph, GraphValue map, long height, long width) =>
        map.Shape[2] == height && map.Shape[3] == width ? map : graph.Add(
            "Slice", [map.Shape[0], map.Shape[1], height, width],
            [map, graph.Integers(0, 0), graph.Integers(height, width), graph.Integers(2, 3)]);

    /// <summary>The nearest position for each of another number of rows or columns, by PyTorch's arithmetic in float32.</summary>
    private static GraphValue Nearest(this OnnxGraph graph, GraphValue map, int dimension, long size)
    {
        long from = map.Shape[dimension];
        float step = (float)from / size;
        long[] indices = [.. Enumerable.Range(0, (int)size).Select(index => Math.Min((long)MathF.Floor(index * step), from - 1))];
        long[] shape = [.. map.Shape];
        shape[dimension] = size;
        return graph.Add("Gather", shape, [map, graph.Integers(indices)], new GraphAttribute("axis", (long)dimension));
    }

    private static long Missing(long size, long multiple) => (multiple - size % multiple) % multiple;
}
