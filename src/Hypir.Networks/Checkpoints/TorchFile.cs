using Hypir.Networks.Checkpoints.Pickles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The state dict of a file that torch.save wrote (<c>.pth</c>, <c>.pt</c>, <c>.ckpt</c>, <c>.bin</c>), zip or older. The pickle in it is interpreted
/// with a list of allowed names: nothing in a file can run. Stored tensors stay mapped; each storage is compared with its checksum when it is first read.
/// </summary>
public sealed class TorchFile : ITensorSource
{
    private static readonly byte[] ZipStart = "PK"u8.ToArray();

    private const byte PickleStart = 0x80;
    private const int SmallestZip = 22;

    private readonly TensorFile _file;
    private readonly TorchContent _content;
    private readonly IReadOnlyDictionary<string, TorchTensor> _tensors;
    private readonly HashSet<string> _verified = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private (string Key, Tensor Data)? _inflated;

    private TorchFile(TensorFile file, TorchContent content)
    {
        (_file, _content) = (file, content);
        _tensors = StateDict.Find(content.Root) ?? throw file.Error(CheckpointErrorKind.NoStateDict, "the file holds no dictionary of named tensors.",
            "Take the file that holds the model's weights (its state dict).");
        Tensors = _tensors.ToDictionary(pair => pair.Key, pair => new TensorInfo(pair.Key, pair.Value.Storage.Type, pair.Value.Shape), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens a file and interprets its pickle.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, too large, or holds no state dict.</exception>
    /// <exception cref="ModelException">It is not there or cannot be read.</exception>
    public static TorchFile Open(string path) => TensorFile.Open(path, Open);

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var tensor = _tensors[name];
        var (storage, data) = (tensor.Storage, _content.Data[tensor.Storage.Key]);
        lock (_lock)
        {
            if (data.Entry is { Deflated: true } packed && storage.Count > 0)
                return Inflated(storage, packed).as_strided(tensor.Shape, tensor.Stride, tensor.Offset);
            if (data.Entry is { } entry && !_verified.Contains(storage.Key))
            {
                ZipContent.Verify(_file, entry);
                _verified.Add(storage.Key);
            }
        }
        return _file.View(storage.Type, data.Offset + tensor.Offset * storage.Type.ElementSize(), tensor.Shape, tensor.Stride);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inflated?.Data.Dispose();
        _inflated = null;
        _file.Dispose();
    }

    /// <summary>Takes the open file over; where it fails, the caller closes it.</summary>
    internal static TorchFile Open(TensorFile file)
    {
        ForeignFile.Refuse(file);
        byte[] start = file.Read(0, (int)Math.Min(file.Length, ZipStart.Length));
        if (start.AsSpan().SequenceEqual(ZipStart) && file.Length >= SmallestZip)
            return new TorchFile(file, TorchZip.Read(file));
        if (start[0] == PickleStart)
            return new TorchFile(file, TorchLegacy.Read(file));
        throw file.Error(CheckpointErrorKind.NotACheckpoint, "the file is neither safetensors nor written by torch.save.",
            "Take the weights as safetensors or .pth; download or copy the file again if it should be one.");
    }

    // Tensors of one storage follow each other as a rule: one unpacked storage at a time is enough.
    private Tensor Inflated(TorchStorage storage, ZipEntry entry)
    {
        if (_inflated?.Key == storage.Key)
            return _inflated.Value.Data;
        _inflated?.Data.Dispose();
        _inflated = null;
        _inflated = (storage.Key, ZipContent.Inflate(_file, entry, storage.Type).DetachFromDisposeScope());
        return _inflated.Value.Data;
    }
}
