using Hypir.Onnx.Graphs;
using Hypir.Onnx.Operators;
using Hypir.Planning.Outlines;

namespace Hypir.Onnx.Networks;

/// <summary>A part of a diffusion model as a graph, for maps of one size: a half of the VAE, or the UNet.</summary>
public sealed class DiffusionGraph
{
    /// <summary>Name of the input map, (B, C, H, W).</summary>
    public const string Map = "map";

    /// <summary>Name of the UNet's timestep, as sines and cosines (1, width).</summary>
    public const string Sinusoids = "sinusoids";

    /// <summary>Name of the text embedding that a UNet with attention reads, (1, tokens, width), for all maps of the batch.</summary>
    public const string Text = "text";

    /// <summary>Name of the result, (B, C', H', W').</summary>
    public const string Result = "result";

    private readonly OnnxGraph _graph;
    private readonly long _tokens;
    private readonly Dictionary<string, GraphValue> _skips = new(StringComparer.Ordinal);
    private GraphValue? _time;
    private GraphValue? _text;

    private DiffusionGraph(OnnxGraph graph, long tokens) => (_graph, _tokens) = (graph, tokens);

    /// <summary>Writes a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="size">Size of its input.</param>
    /// <param name="tokens">Length of the text embedding, for a network that reads one.</param>
    /// <param name="limit">Elements that a tensor may have at most; attention is computed in parts where it would have more.</param>
    public static OnnxGraph Of(NetworkOutline network, MapSize size, long tokens = 0, long limit = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new DiffusionGraph(new(limit), tokens).Build(network, size);
    }

    private OnnxGraph Build(NetworkOutline network, MapSize size)
    {
        EntryBlock entry = network.Blocks.OfType<EntryBlock>().Single();
        GraphValue map = _graph.Input(Map, size.Batch, entry.InChannels, size.Height, size.Width);
        foreach (PlacedBlock placed in network.Over(size))
        {
            if (placed.Block is TimeBlock time)
            {
                _time = Time(time);
                continue;
            }

            map = Block(placed, map);
            if (placed.Block.IsSkip)
                _skips.Add(placed.Block.Name, map);
        }

        _graph.Output(Result, map);
        return _graph;
    }

    private GraphValue Block(PlacedBlock placed, GraphValue map) => placed.Block switch
    {
        EntryBlock entry => Layers(entry.Centers ? _graph.Affine(map, 2, -1) : map, entry),
        ExitBlock exit => Layers(map, exit),
        DownsamplerBlock down => Layers(map, down),
        UpsamplerBlock up => Layers(_graph.Enlarge(map, placed.To.Height, placed.To.Width), up),
        ResnetBlock resnet => Resnet(map, resnet),
        SpatialAttentionBlock attention => SpatialAttention(map, attention),
        TransformerBlock transformer => Transformer(map, transformer, placed.From),
        _ => throw new NotSupportedException($"{placed.Block.Name} is of a kind that cannot be written as a graph."),
    };

    /// <summary>A block whose layers follow each other.</summary>
    private GraphValue Layers(GraphValue map, BlockOutline block) => block.Layers.Aggregate(map, _graph.Layer);

    private GraphValue Time(TimeBlock block)
    {
        GraphValue time = _graph.Input(Sinusoids, 1, block.InChannels);
        return block.Layers.Where(layer => layer is not SinusoidLayer).Aggregate(time, _graph.Layer);
    }

    private GraphValue Resnet(GraphValue map, ResnetBlock block)
    {
        GraphValue input = block.Skip is { } skip ? _graph.Join(1, map, _skips[skip.Block]) : map;
        GraphValue branch = input, shortcut = input;
        foreach (LayerOutline layer in block.Layers.Where(layer => layer is not ActivationLayer))
        {
            switch (layer)
            {
                case GroupNormLayer norm:
                    branch = _graph.Activation(_graph.GroupNorm(branch, norm), block.Style.Activation);
                    break;
                case LinearLayer projection:
                    GraphValue time = _time ?? throw new NotSupportedException($"{block.Name} reads a timestep that the network lacks.");
                    GraphValue shift = _graph.Linear(_graph.Activation(time, block.Style.Activation), projection);
                    branch = _graph.Sum(branch, _graph.Reshape(shift, 1, block.OutChannels, 1, 1));
                    break;
                // The shortcut's convolution is the only one with a single position.
                case ConvLayer { Kernel: 1 } convolution:
                    shortcut = _graph.Convolution(input, convolution);
                    break;
                case ConvLayer convolution:
                    branch = _graph.Convolution(branch, convolution);
                    break;
            }
        }

        return _graph.Affine(_graph.Sum(shortcut, branch), 1 / block.Style.OutputScale, 0);
    }

    private GraphValue SpatialAttention(GraphValue map, SpatialAttentionBlock block)
    {
        var layers = new Queue<LayerOutline>(block.Layers);
        GraphValue sequence = _graph.ToSequence(_graph.GroupNorm(map, Next<GroupNormLayer>(layers)));
        GraphValue mixed = Attention(layers, sequence, sequence, map.Shape[0], map.Shape[0]);
        return _graph.Sum(map, _graph.ToMap(mixed, new(map.Shape[2], map.Shape[3], map.Shape[0])));
    }

    private GraphValue Transformer(GraphValue map, TransformerBlock block, MapSize size)
    {
        var layers = new Queue<LayerOutline>(block.Layers);
        GraphValue text = _text ??= _graph.Reshape(_graph.Input(Text, 1, _tokens, block.ContextWidth), _tokens, block.ContextWidth);
        GraphValue normal = _graph.GroupNorm(map, Next<GroupNormLayer>(layers));
        GraphValue sequence = block.Linear
            ? _graph.Linear(_graph.ToSequence(normal), Next<LinearLayer>(layers))
            : _graph.ToSequence(_graph.Convolution(normal, Next<ConvLayer>(layers)));
        for (int depth = 0; depth < block.Depth; depth++)
        {
            GraphValue own = _graph.LayerNorm(sequence, Next<LayerNormLayer>(layers));
            sequence = _graph.Sum(sequence, Attention(layers, own, own, size.Batch, size.Batch));
            GraphValue asking = _graph.LayerNorm(sequence, Next<LayerNormLayer>(layers));
            sequence = _graph.Sum(sequence, Attention(layers, asking, text, size.Batch, 1));
            GraphValue inner = _graph.LayerNorm(sequence, Next<LayerNormLayer>(layers));
            inner = _graph.Activation(_graph.Linear(inner, Next<LinearLayer>(layers)), Next<ActivationLayer>(layers).Function);
            sequence = _graph.Sum(sequence, _graph.Linear(inner, Next<LinearLayer>(layers)));
        }

        GraphValue result = block.Linear
            ? _graph.ToMap(_graph.Linear(sequence, Next<LinearLayer>(layers)), size)
            : _graph.Convolution(_graph.ToMap(sequence, size), Next<ConvLayer>(layers));
        return _graph.Sum(map, result);
    }

    /// <summary>Projections to queries, keys and values, the attention, and the projection of its result.</summary>
    private GraphValue Attention(Queue<LayerOutline> layers, GraphValue asking, GraphValue read, long batch, long readBatch)
    {
        GraphValue queries = _graph.Linear(asking, Next<LinearLayer>(layers));
        GraphValue keys = _graph.Linear(read, Next<LinearLayer>(layers)), values = _graph.Linear(read, Next<LinearLayer>(layers));
        GraphValue mixed = _graph.Attention(queries, keys, values, Next<AttentionLayer>(layers), batch, readBatch);
        return _graph.Linear(mixed, Next<LinearLayer>(layers));
    }

    private static T Next<T>(Queue<LayerOutline> layers)
        where T : LayerOutline => (T)layers.Dequeue();
}
