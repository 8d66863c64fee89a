using Hypir.Networks.Checkpoints.Pickles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The state dict of a torch.save file (<c>.pth</c>, <c>.pt</c>, <c>.ckpt</c>, <c>.bin</c>), in the zip format or the older one. The pickle
/// is interpreted with an allow-list of names: nothing in a file can run. Stored tensors stay mapped; each storage's checksum is verified
/// on first read.
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
        _tensors = StateDict.Find(content.Root)
            ?? throw file.Error(
                CheckpointErrorKind.NoStateDict, "the file holds no dictionary of named tensors.",
                "Take the file that holds the model's weights (its state dict).");
        Tensors = _tensors.ToDictionary(
            pair => pair.Key, pair => new TensorInfo(pair.Key, pair.Value.Storage.Type, pair.Value.Shape), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens a file and interprets its pickle.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, too large, or has no state dict.</exception>
    /// <exception cref="ModelException">It does not exist or cannot be read.</exception>
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

    /// <summary>Takes ownership of the open file; on failure the caller closes it.</summary>
    internal static TorchFile Open(TensorFile file)
    {
        ForeignFile.Refuse(file);
        byte[] start = file.Read(0, (int)Math.Min(file.Length, ZipStart.Length));
        if (start.AsSpan().SequenceEqual(ZipStart) && file.Length >= SmallestZip)
            return new TorchFile(file, TorchZip.Read(file));
        if (start[0] == PickleStart)
            return new TorchFile(file, TorchLegacy.Read(file));
        throw file.Error(CheckpointErrorKind.NotACheckpoint, "the file is neither safetensors nor written by torch.save.",
            file.Path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)
                ? "If it belongs to an ncnn network, copy its .param file beside it; else take the weights as safetensors or .pth."
                : "Take the weights as safetensors or .pth; download or copy the file again if it should be one.");
    }

    // Tensors of one storage usually follow each other, so caching one unpacked storage is enough.
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

/// <summary>The content of a torch file, except for the data.</summary>
/// <param name="Root">The pickled object.</param>
/// <param name="Data">The place of each storage's data, by storage key; verified to be as long as the storage.</param>
internal sealed record TorchContent(object? Root, IReadOnlyDictionary<string, TorchData> Data);

/// <summary>The place of one storage's data.</summary>
/// <param name="Offset">First byte in the file; meaningless if the entry is deflated.</param>
/// <param name="Entry">The zip entry that holds it; null in files that are not zips.</param>
internal sealed record TorchData(long Offset, ZipEntry? Entry);

/// <summary>
/// Finds the dictionary of named tensors in a torch file: at the top, or under one of the names that training programs use.
/// </summary>
internal static class StateDict
{
    // Averaged weights first: if a file has both, those are meant for use.
    private static readonly string[] Names =
    [
        "params_ema", "params", "state_dict", "model_state_dict", "model", "module", "generator", "net", "weights",
    ];

    /// <summary>The tensors by key, or null if there is no state dict. Entries that are not tensors are skipped.</summary>
    public static IReadOnlyDictionary<string, TorchTensor>? Find(object? root)
    {
        for (int depth = 0; depth < PickleLimits.StateDictDepth && root is PickleDictionary dictionary; depth++)
        {
            var inner = Names.Select(name => dictionary[name]).OfType<PickleDictionary>().FirstOrDefault(LeadsToTensors);
            if (inner is null)
                return dictionary.Count == 0 ? new Dictionary<string, TorchTensor>() : Tensors(dictionary) ?? OnlyInner(dictionary);
            root = inner;
        }
        return null;
    }

    private static bool LeadsToTensors(PickleDictionary dictionary) =>
        dictionary.Texts.Any(entry => entry.Value is TorchTensor || Names.Contains(entry.Key) && entry.Value is PickleDictionary);

    private static Dictionary<string, TorchTensor>? OnlyInner(PickleDictionary dictionary)
    {
        var candidates = dictionary
            .Texts.Select(entry => entry.Value)
            .OfType<PickleDictionary>()
            .Select(Tensors)
            .OfType<Dictionary<string, TorchTensor>>();
        return candidates.Take(2).ToArray() is [var only] ? only : null;
    }

    private static Dictionary<string, TorchTensor>? Tensors(PickleDictionary dictionary)
    {
        var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Texts)
        {
            if (value is TorchTensor tensor)
                tensors[key] = tensor;
        }
        return tensors.Count == 0 ? null : tensors;
    }
}
