using System.Globalization;

namespace Hypir.Networks.Checkpoints.Ncnn;

/// <summary>
/// What a network computes, as terms: two that are written alike are the same number. So a graph equals an expected one exactly if their
/// results have the same number, in whatever way a converter has split and joined blobs.
/// </summary>
internal sealed class NcnnTerms
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>The image.</summary>
    public int Image => Of("image", 0);

    /// <summary>A convolution of the file with an index, with bias and a padding that keeps the size.</summary>
    public int Convolution(int index, int x) => Of("convolution", index, x);

    /// <summary>The PReLU of the file with an index.</summary>
    public int PRelu(int index, int x) => Of("prelu", index, x);

    /// <summary>A leaky ReLU.</summary>
    public int LeakyRelu(double slope, int x) => Of("leaky", (float)slope, x);

    /// <summary>A product with a number.</summary>
    public int Scaled(double factor, int x) => (float)factor == 1 ? x : Of("scaled", (float)factor, x);

    /// <summary>A sum, in either order.</summary>
    public int Sum(int x, int y) => Of("sum", 0, Math.Min(x, y), Math.Max(x, y));

    /// <summary>Maps one after the other.</summary>
    public int Joined(params ReadOnlySpan<int> maps) => maps.Length == 1 ? maps[0] : Of("joined", 0, maps);

    /// <summary>Pixels repeated.</summary>
    public int Repeated(int times, int x) => times == 1 ? x : Of("repeated", times, x);

    /// <summary>Channels spread over pixels.</summary>
    public int Shuffled(int times, int x) => times == 1 ? x : Of("shuffled", times, x);

    private int Of(string kind, double value, params ReadOnlySpan<int> terms)
    {
        string text = $"{kind} {value.ToString("R", CultureInfo.InvariantCulture)} {string.Join(' ', terms.ToArray())}";
        if (!_known.TryGetValue(text, out int number))
            _known.Add(text, number = _known.Count);
        return number;
    }
}

/// <summary>Reads an ncnn description as <see cref="NcnnTerms"/>.</summary>
internal sealed class NcnnGraph
{
    private readonly TensorFile _file;
    private readonly Dictionary<string, int> _blobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private int _convolutions;
    private int _activations;

    /// <summary>Reads the layers, each of which may read only what was made before it.</summary>
    /// <exception cref="CheckpointException">The graph is damaged.</exception>
    /// <exception cref="ModelException">A layer is of no kind that the known networks have.</exception>
    public NcnnGraph(TensorFile file, IReadOnlyList<NcnnLayer> layers)
    {
        _file = file;
        foreach (NcnnLayer layer in layers)
            Add(layer, layer == layers[^1]);
        if (_unread.Count != 1)
            throw NcnnParam.Wrong(file, $"it has {_unread.Count} results");
        Result = _blobs[_unread.Single()];
    }

    /// <summary>The terms.</summary>
    public NcnnTerms Terms { get; } = new();

    /// <summary>The result's number.</summary>
    public int Result { get; }

    /// <summary>The factors by which layers repeat pixels.</summary>
    public List<int> Enlargements { get; } = [];

    /// <summary>By how much channels are spread over pixels; 1 if they are not.</summary>
    public int Shuffle { get; private set; } = 1;

    /// <summary>A network that this version does not read.</summary>
    public static ModelException Unknown(TensorFile file, string what) => new(
        $"{file.Path}: this ncnn network is neither Compact nor ESRGAN, which are those that can be read: {what}.",
        "Take the model's .pth or .safetensors file.");

    private void Add(NcnnLayer layer, bool isLast)
    {
        int[] inputs = [.. layer.Inputs.Select(blob => Read(layer, blob))];
        int result = layer.Kind switch
        {
            "Input" when inputs.Length == 0 && _blobs.Count == 0 => Terms.Image,
            "Input" => throw Unknown(_file, "it has several inputs"),
            "Split" => One(layer, inputs),
            "Convolution" => Activated(layer, Terms.Convolution(_convolutions++, Usual(layer, One(layer, inputs)))),
            "PReLU" => Terms.PRelu(_activations++, One(layer, inputs)),
            "ReLU" => Terms.LeakyRelu(layer.Value(0, 0), One(layer, inputs)),
            "Concat" when layer.Whole(0, 0) == 0 && inputs.Length > 0 => Terms.Joined(inputs),
            "BinaryOp" when layer.Whole(1, 0) == 0 && layer.Whole(0, 0) == 0 && inputs is [var x, var y] => Terms.Sum(x, y),
            "BinaryOp" when layer.Whole(1, 0) == 1 && layer.Whole(0, 0) == 2 && inputs is [var x] => Terms.Scaled(layer.Value(2, 0), x),
            "Eltwise" when layer.Whole(0, 0) == 1 && inputs is [var x, var y] => Weighted(layer, x, y),
            "Interp" => Enlarged(layer, One(layer, inputs), isLast),
            "PixelShuffle" when layer.Whole(0, 1) is > 0 and <= 16 and var times && layer.Whole(1, 0) == 0 =>
                Terms.Shuffled(Shuffle = times, One(layer, inputs)),
            // So that people know what they have.
            "Deconvolution" or "Crop" => throw Unknown(
                _file, $"it has a layer of the kind {layer.Kind}, as waifu2x and Real-CUGAN have"),
            _ => throw Unknown(
                _file, $"its layer {Messages.Quote(layer.Name)} is of the kind {Messages.Quote(layer.Kind)}, or has other settings"),
        };
        if (layer.Outputs.Count == 0 || (layer.Kind != "Split" && layer.Outputs.Count != 1))
            throw NcnnParam.Wrong(_file, $"{Messages.Quote(layer.Name)} makes {layer.Outputs.Count} blobs");
        foreach (string blob in layer.Outputs)
        {
            if (!_blobs.TryAdd(blob, result))
                throw NcnnParam.Wrong(_file, $"two layers make {Messages.Quote(blob)}");
            _unread.Add(blob);
        }
    }

    private int Read(NcnnLayer layer, string blob)
    {
        if (!_blobs.TryGetValue(blob, out int number))
            throw NcnnParam.Wrong(_file, $"{Messages.Quote(layer.Name)} reads {Messages.Quote(blob)}, which no earlier layer makes");
        _unread.Remove(blob);
        return number;
    }

    private int One(NcnnLayer layer, int[] inputs) => inputs.Length == 1
        ? inputs[0]
        : throw NcnnParam.Wrong(_file, $"{Messages.Quote(layer.Name)} reads {inputs.Length} blobs");

    /// <summary>Requires 3x3 without stride, dilation, groups or int8, with padding and bias.</summary>
    private int Usual(NcnnLayer layer, int x)
    {
        bool usual = layer.Whole(1, 0) == 3 && layer.Whole(11, 3) == 3 && Ones(2, 12) && Ones(3, 13) && Ones(4, 14, 15, 16)
            && layer.Whole(5, 0) == 1 && layer.Whole(8, 0) == 0 && layer.Value(18, 0) == 0 && layer.Whole(19, 0) == 0;
        return usual ? x : throw Unknown(_file, $"{Messages.Quote(layer.Name)} is not a 3x3 convolution with bias that keeps the size");

        // The first stands for the others where they are not given.
        bool Ones(int first, params int[] others)
        {
            int standard = layer.Whole(first, first == 4 ? 0 : 1);
            return standard == 1 && others.All(key => layer.Whole(key, standard) == 1);
        }
    }

    private int Activated(NcnnLayer layer, int x) => (layer.Whole(9, 0), layer.Values.GetValueOrDefault(10)) switch
    {
        (0, _) => x,
        (2, [var slope, ..]) => Terms.LeakyRelu(slope, x),
        _ => throw Unknown(_file, $"{Messages.Quote(layer.Name)} has an activation other than a leaky ReLU"),
    };

    private int Weighted(NcnnLayer layer, int x, int y) => layer.Values.GetValueOrDefault(1) switch
    {
        null => Terms.Sum(x, y),
        [var first, var second] => Terms.Sum(Terms.Scaled(first, x), Terms.Scaled(second, y)),
        _ => throw NcnnParam.Wrong(_file, $"{Messages.Quote(layer.Name)} has not as many weights as blobs"),
    };

    /// <summary>
    /// Pixels repeated. Resampling to a smaller size at the end, by which 4x networks pass for 2x and 3x, leaves the map as it is: results
    /// are reduced to the requested size in any case.
    /// </summary>
    private int Enlarged(NcnnLayer layer, int x, bool isLast)
    {
        const int Repeating = 1;
        double times = layer.Value(1, 1);
        if (times != layer.Value(2, 1) || times <= 0 || layer.Whole(3, 0) != 0 || layer.Whole(4, 0) != 0)
            throw Unknown(_file, $"{Messages.Quote(layer.Name)} resamples to a fixed size, or to another shape");
        if (times < 1 && isLast)
            return x;
        if (layer.Whole(0, 0) != Repeating || times != Math.Floor(times) || times > 16)
            throw Unknown(_file, $"{Messages.Quote(layer.Name)} enlarges otherwise than by repeating pixels");
        Enlargements.Add((int)times);
        return Terms.Repeated((int)times, x);
    }
}
