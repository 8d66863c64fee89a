using System.Buffers.Binary;
using System.Numerics;
using Hypir.Networks.Checkpoints.Pickles;
using TorchSharp;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The container of torch before 1.6: five pickles in a row (a magic number, the protocol's version, facts about the machine, the object, the list of
/// storage keys), then each storage's element count and data, in the list's order.
/// </summary>
internal static class TorchLegacy
{
    private const long Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <exception cref="CheckpointException">It is damaged, hostile, or no file of torch.save.</exception>
    public static TorchContent Read(TensorFile file)
    {
        byte[] head = file.Read(0, (int)Math.Min(file.Length, PickleLimits.Bytes));
        // A pickle that runs beyond what was read is too long; one that runs beyond the file is cut off.
        var beyond = head.Length < file.Length ? CheckpointErrorKind.LimitExceeded : CheckpointErrorKind.Truncated;
        var cursor = new PickleCursor(file, head, 0, beyond);
        var budget = new TensorBudget(file.Length);
        object? Next() => PickleMachine.Run(cursor, budget).Value;

        if (Next() is not BigInteger magic || magic != Magic)
            throw file.Error(CheckpointErrorKind.NotACheckpoint, "this is a Python pickle, but not one that torch.save wrote.",
                "Take the weights as safetensors or .pth.");
        if (Next() is not Protocol)
            throw file.Error(CheckpointErrorKind.UnsupportedVersion, "the file's format version is not known.",
                "Save the weights again with a current torch, best as safetensors.");
        CheckMachine(file, Next());
        var (root, storages) = PickleMachine.Run(cursor, budget);
        return new TorchContent(root, Locate(file, Next(), storages, cursor.Position));
    }

    private static void CheckMachine(TensorFile file, object? facts)
    {
        if (facts is not PickleDictionary dictionary)
            throw file.Error(CheckpointErrorKind.MalformedPickle, "the facts about the machine that wrote the file are no dictionary.");
        if (dictionary["little_endian"] is false)
            throw file.Error(CheckpointErrorKind.UnsupportedByteorder, "the file says that its data is big-endian; only little-endian data is read.",
                "Save the weights again on another machine, or as safetensors.");
    }

    private static Dictionary<string, TorchData> Locate(TensorFile file, object? keys, IReadOnlyDictionary<string, TorchStorage> storages, long position)
    {
        const string again = "The file is damaged or cut off: download it again.";
        if (keys is not List<object?> list)
            throw file.Error(CheckpointErrorKind.MalformedPickle, "the list of storages is no list.", again);
        var data = new Dictionary<string, TorchData>(StringComparer.Ordinal);
        foreach (object? item in list)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage) || data.ContainsKey(key))
                throw file.Error(CheckpointErrorKind.MalformedPickle, "the list of storages names one that no tensor uses, or one twice.", again);
            long bytes = storage.Count * storage.Type.ElementSize();
            if (file.Length - position < sizeof(long))
                throw file.Error(CheckpointErrorKind.Truncated, $"the file ends before the data of storage {Messages.Quote(key)}.", again);
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Read(position, sizeof(long)));
            position += sizeof(long);
            if (count != storage.Count)
                throw file.Error(CheckpointErrorKind.BadTensor, $"the storage {Messages.Quote(key)} should have {storage.Count} elements; {count} are announced.", again);
            if (bytes > file.Length - position)
                throw file.Error(CheckpointErrorKind.Truncated, $"the file ends within the data of storage {Messages.Quote(key)}.", again);
            data[key] = new TorchData(position, null);
            position += bytes;
        }
        if (storages.Keys.FirstOrDefault(key => !data.ContainsKey(key)) is { } missing)
            throw file.Error(CheckpointErrorKind.MissingEntry, $"the file lacks the data of storage {Messages.Quote(missing)}.", again);
        return data;
    }
}
