using Hypir.Onnx.Graphs;
using Hypir.Onnx.Operators;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Networks;

/// <summary>A single-pass network as a graph, for images of one size.</summary>
public sealed class SinglePassGraph
{
    /// <summary>Name of the input image, (B, channels, H, W), 0 to 1.</summary>
    public const string Image = RecallLayer.Image;

    /// <summary>
    /// Name of the dial's input, (1, 1, 1, 1), if the graph reads one: the value of <see cref="SinglePassOutline.Dial"/>.
    /// </summary>
    public const string Dial = "dial";

    private const double White = 255;

    /// <summary>Name of the result, (B, channels, scale · H, scale · W).</summary>
    public const string Result = "result";

    private readonly OnnxGraph _graph = new();
    private readonly Dictionary<string, GraphValue> _kept = new(StringComparer.Ordinal);
    private readonly SinglePassOutline _outline;
    private readonly MapSize _size;
    private readonly bool _dialIsSet;

    // Whether the current map is a sequence of positions, (B, H, W, C).
    private bool _sequence;

    private SinglePassGraph(SinglePassOutline outline, MapSize size, bool dialIsSet) =>
        (_outline, _size, _dialIsSet) = (outline, size, dialIsSet);

    /// <summary>Writes a network.</summary>
    /// <param name="outline">The network; <see cref="SinglePassOutline.IsProgram"/> says whether this is possible.</param>
    /// <param name="size">The image's size, as <see cref="SinglePassOutline.Needs"/> asks.</param>
    /// <param name="dialIsSet">Whether a dial that the network would estimate is set; other dials are always inputs.</param>
    /// <exception cref="NotSupportedException">The outline does not say how the layers are connected.</exception>
    public static OnnxGraph Of(SinglePassOutline outline, MapSize size, bool dialIsSet = false)
    {
        ArgumentNullException.ThrowIfNull(outline);
        if (!outline.IsProgram)
            throw new NotSupportedException($"{outline.Family} cannot be written as a graph.");
        return new SinglePassGraph(outline, size, dialIsSet).Build();
    }

    private OnnxGraph Build()
    {
        GraphValue map = _graph.Input(Image, _size.Batch, _outline.InChannels, _size.Height, _size.Width);
        _kept[Image] = map;
        foreach (LayerOutline layer in _outline.Blocks.SelectMany(block => block.Layers))
            map = Apply(map, layer);
        _graph.Output(Result, map);
        return _graph;
    }

    private GraphValue Apply(GraphValue map, LayerOutline layer)
    {
        switch (layer)
        {
            case KeepLayer keep:
                return _kept[keep.Place] = map;
            case RecallLayer recall:
                return _kept[recall.Place];
            case AddLayer add:
                return _graph.Sum(map, _kept[add.Place]);
            case MultiplyLayer multiply:
                return _graph.Multiply(map, _kept[multiply.Place]);
            case JoinLayer join:
                return _graph.Join(1, [.. join.Places.Select(place => _kept[place])]);
            case CutLayer cut:
                IReadOnlyList<GraphValue> parts = _graph.Split(map, 1, [.. cut.Parts.Select(part => part.Channels)]);
                foreach (((string place, _), GraphValue part) in cut.Parts.Zip(parts))
                    _kept[place] = part;
                return map;
            case LayoutLayer layout:
                _sequence = layout.Sequence;
                return layout.Sequence ? _graph.Transpose(map, 0, 2, 3, 1) : _graph.Transpose(map, 0, 3, 1, 2);
            case LayerNormLayer norm when _sequence:
                return _graph.LayerNorm(map, norm);
            case LinearLayer linear:
                return _graph.EachPosition(map, linear);
            case WindowAttentionLayer attention:
                return _graph.WindowAttention(map, attention);
            case DialLayer:
                GraphValue level = _graph.Affine(_graph.Input(Dial, 1, 1, 1, 1), 1.0 / White, 0);
                return _graph.Join(1, map, _graph.Expand(level, map.Shape[0], 1, map.Shape[2], map.Shape[3]));
            case EstimatedDialLayer estimate when _dialIsSet:
                GraphValue dial = _graph.Affine(_graph.Input(Dial, 1, 1, 1, 1), estimate.Factor, estimate.Shift);
                return _graph.Expand(dial, map.Shape[0], 1, 1, 1);
            case EstimatedDialLayer:
                return map;
            case CropLayer:
                return _graph.Crop(map, _outline.Scale * _size.Height, _outline.Scale * _size.Width);
            default:
                return _graph.Layer(map, layer);
        }
    }
}
