using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Ncnn;

/// <summary>
/// The weights of an ncnn network, a <c>.param</c> file with the <c>.bin</c> file of the same name beside it, under the names that they
/// have in the file that the network was converted from. Only the networks that <see cref="NcnnNetworks"/> knows are read.
/// </summary>
public sealed class NcnnFile : ITensorSource
{
    // What precedes a convolution's weights (ncnn's ModelBinFromDataReader).
    private const uint Float32Tag = 0, Float16Tag = 0x01306B47;

    private const string Remedy = "Take the .bin file that belongs to the .param file.";

    private readonly TensorFile _weights;
    private readonly Dictionary<string, (TensorInfo Info, long Offset)> _places = new(StringComparer.Ordinal);
    private long _next;

    private NcnnFile(string path, TensorFile weights) => (Path, _weights) = (path, weights);

    /// <summary>The description, a <c>.param</c> file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; private set; } = null!;

    /// <summary>
    /// The description of a network of which a person names either file: the <c>.param</c> file beside a <c>.bin</c> file, if there is
    /// one; else the file itself.
    /// </summary>
    /// <param name="path">The file that was named.</param>
    public static string DescriptionOf(string path)
    {
        if (!System.IO.Path.GetExtension(path).Equals(".bin", StringComparison.OrdinalIgnoreCase))
            return path;
        string beside = System.IO.Path.ChangeExtension(path, ".param");
        return File.Exists(beside) ? beside : path;
    }

    /// <summary>The files of a network whose description a path is; for any other file, the file alone.</summary>
    /// <param name="path">A path as <see cref="DescriptionOf"/> gives it.</param>
    public static IReadOnlyList<string> FilesOf(string path) =>
        System.IO.Path.GetExtension(path).Equals(".param", StringComparison.OrdinalIgnoreCase) ? [path, WeightsOf(path)] : [path];

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        (TensorInfo info, long offset) = _places[name];
        long[] shape = [.. info.Shape];
        return _weights.View(info.DType, offset, shape, TensorSizes.ContiguousStrides(shape));
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <summary>Reads a description, closes it, and opens the weights beside it.</summary>
    internal static NcnnFile Open(TensorFile param)
    {
        IReadOnlyList<(NcnnLayer Layer, string Name)> named = NcnnNetworks.NamesOf(param, NcnnParam.Read(param));
        string path = WeightsOf(param.Path);
        if (!File.Exists(path))
        {
            throw new ModelException(
                $"{param.Path}: the weights of this ncnn network are missing: {path}.", "Copy the .bin file beside the .param file.");
        }

        NcnnFile file = TensorFile.Open(path, weights =>
        {
            var opened = new NcnnFile(param.Path, weights);
            foreach ((NcnnLayer layer, string name) in named)
                opened.Place(layer, name);
            if (opened._next != weights.Length)
                throw weights.Error(
                    CheckpointErrorKind.BadOffsets, $"the network's weights end at byte {opened._next} of {weights.Length}.", Remedy);
            opened.Tensors = opened._places.ToDictionary(place => place.Key, place => place.Value.Info, StringComparer.Ordinal);
            return opened;
        });
        param.Dispose();
        return file;
    }

    private static string WeightsOf(string path) => System.IO.Path.ChangeExtension(path, ".bin");

    private void Place(NcnnLayer layer, string name)
    {
        if (layer.Kind == "PReLU")
        {
            Add(name + ".weight", [layer.Whole(0, 0)], ScalarType.Float32);
            return;
        }

        // Kernels are 3x3: the graph was checked.
        long outputs = layer.Whole(0, 0), count = layer.Whole(6, 0), filter = outputs * 9;
        if (filter <= 0 || count <= 0 || count % filter != 0)
            throw Wrong($"{Messages.Quote(layer.Name)} has {count} weights for {outputs} channels and a 3x3 kernel");
        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(_weights.Read(Require(sizeof(uint)), sizeof(uint)));
        _next += sizeof(uint);
        if (tag is not (Float32Tag or Float16Tag))
            throw _weights.Error(
                CheckpointErrorKind.UnsupportedDtype, $"{Messages.Quote(layer.Name)} is stored in int8 or in a table.",
                "Take the model in float16 or float32.");
        Add(name + ".weight", [outputs, count / filter, 3, 3], tag == Float16Tag ? ScalarType.Float16 : ScalarType.Float32);
        // Each piece begins at a multiple of 4 bytes.
        _next = (_next + 3) / 4 * 4;
        Add(name + ".bias", [outputs], ScalarType.Float32);
    }

    private void Add(string name, long[] shape, ScalarType type)
    {
        var info = new TensorInfo(name, type, shape);
        if (shape[0] <= 0 || TensorSizes.Bytes(info) is not { } bytes)
            throw Wrong($"{name} has an impossible size");
        _places.Add(name, (info, Require(bytes)));
        _next += bytes;
    }

    private long Require(long bytes) => bytes <= _weights.Length - _next
        ? _next
        : throw _weights.Error(CheckpointErrorKind.Truncated, "the file ends within the network's weights.", Remedy);

    private CheckpointException Wrong(string what) => _weights.Error(CheckpointErrorKind.BadShape, $"{what}.", Remedy);
}
