using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Hypir.Networks.Checkpoints.Pickles;
using TorchSharp;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The container that torch has used since version 1.6: a zip with one folder that holds <c>data.pkl</c> (the object), <c>data/KEY</c> (one
/// entry per storage), <c>version</c> and <c>byteorder</c>.
/// </summary>
internal static class TorchZip
{
    // From c10's caffe2/serialize/versions.h: 1 is the lowest version ever written, 10 the highest that is read.
    private const int LowestVersion = 1, HighestVersion = 10;
    private const int SmallEntry = 64;

    /// <exception cref="CheckpointException">It is damaged, hostile, or not a torch.save file.</exception>
    public static TorchContent Read(TensorFile file)
    {
        var entries = ZipDirectory.Read(file);
        string folder = Folder(file, entries);
        CheckVersion(file, entries, folder);
        CheckByteOrder(file, entries, folder);
        byte[] pickle = ZipContent.ReadAll(file, entries[folder + "data.pkl"], PickleLimits.Bytes);
        var budget = new TensorBudget(file.Length);
        var (root, storages) = PickleMachine.Run(new PickleCursor(file, pickle, 0, CheckpointErrorKind.MalformedPickle), budget);
        return new TorchContent(
            root,
            storages.ToDictionary(pair => pair.Key, pair => Locate(file, entries, folder, pair.Value, budget), StringComparer.Ordinal)
        );
    }

    private static string Folder(TensorFile file, IReadOnlyDictionary<string, ZipEntry> entries)
    {
        const string name = "/data.pkl";
        string[] folders = [.. entries.Keys.Where(key => key.EndsWith(name, StringComparison.Ordinal) && key.Count(c => c == '/') == 1)];
        if (folders.Length == 0)
            throw file.Error(
                CheckpointErrorKind.NotACheckpoint, "this is a zip, but not one that torch.save wrote: it has no FOLDER/data.pkl.",
                "If it is an archive of a model, unpack it and name the folder or a file in it.");
        if (folders.Length > 1)
            throw file.Error(CheckpointErrorKind.BadZip, "the zip holds more than one data.pkl.", "Take the file from another source.");
        string folder = folders[0][..^(name.Length - 1)];
        if (
            entries.ContainsKey(folder + "constants.pkl")
            || entries.Keys.Any(key => key.StartsWith(folder + "code/", StringComparison.Ordinal))
        )
            throw file.Error(
                CheckpointErrorKind.Torchscript, "this is a TorchScript program, not weights.",
                "Take the model's weights (a state dict) as safetensors or .pth.");
        return folder;
    }

    private static void CheckVersion(TensorFile file, IReadOnlyDictionary<string, ZipEntry> entries, string folder)
    {
        string? version = SmallText(file, entries, folder + "version");
        if (
            !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < LowestVersion or > HighestVersion
        )
            throw file.Error(
                CheckpointErrorKind.UnsupportedVersion,
                version is null
                    ? "the file has no format version."
                    : $"the file's format version is {Messages.Quote(version)}, which is not known.",
                "Save the weights again with a current torch, best as safetensors."
            );
    }

    private static void CheckByteOrder(TensorFile file, IReadOnlyDictionary<string, ZipEntry> entries, string folder)
    {
        if (SmallText(file, entries, folder + "byteorder") is { } order && order != "little")
            throw file.Error(
                CheckpointErrorKind.UnsupportedByteorder,
                $"the file's byte order is {Messages.Quote(order)}; only little-endian data is read.",
                "Save the weights again on another machine, or as safetensors.");
    }

    private static string? SmallText(TensorFile file, IReadOnlyDictionary<string, ZipEntry> entries, string name) =>
        entries.TryGetValue(name, out var entry) ? Encoding.ASCII.GetString(ZipContent.ReadAll(file, entry, SmallEntry)).Trim() : null;

    private static TorchData Locate(
        TensorFile file, IReadOnlyDictionary<string, ZipEntry> entries, string folder, TorchStorage storage, TensorBudget budget)
    {
        if (!entries.TryGetValue($"{folder}data/{storage.Key}", out var entry))
            throw file.Error(CheckpointErrorKind.MissingEntry, $"the zip lacks the data of storage {Messages.Quote(storage.Key)}.",
                "The file is damaged: download it again.");
        if (entry.Size != storage.Count * storage.Type.ElementSize())
            throw file.Error(CheckpointErrorKind.BadTensor,
                $"the storage {Messages.Quote(storage.Key)} should have {storage.Count} elements of {storage.Type}, its data has "
                    + $"{entry.Size} bytes.",
                "The file is damaged: download it again.");
        if (entry.Deflated && !budget.TryTake(entry.Size))
            throw file.Error(
                CheckpointErrorKind.LimitExceeded, $"the file unpacks to more than {budget.Total} bytes, far more than it holds.",
                "Weights do not pack so well: take the file from another source.");
        return new TorchData(entry.Offset, entry);
    }
}

/// <summary>
/// The container that torch used before 1.6: five pickles in a row (magic number, protocol version, system information, the object, the
/// list of storage keys), then each storage's element count and data in the order of that list.
/// </summary>
internal static class TorchLegacy
{
    private const long Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <exception cref="CheckpointException">It is damaged, hostile, or not a torch.save file.</exception>
    public static TorchContent Read(TensorFile file)
    {
        byte[] head = file.Read(0, (int)Math.Min(file.Length, PickleLimits.Bytes));
        // A pickle that exceeds the bytes read is too long; one that exceeds the file is cut off.
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
            throw file.Error(
                CheckpointErrorKind.MalformedPickle, "the information about the machine that wrote the file is not a dictionary.");
        if (dictionary["little_endian"] is false)
            throw file.Error(
                CheckpointErrorKind.UnsupportedByteorder, "the file says that its data is big-endian; only little-endian data is read.",
                "Save the weights again on another machine, or as safetensors.");
    }

    private static Dictionary<string, TorchData> Locate(
        TensorFile file, object? keys, IReadOnlyDictionary<string, TorchStorage> storages, long position)
    {
        const string again = "The file is damaged or cut off: download it again.";
        if (keys is not List<object?> list)
            throw file.Error(CheckpointErrorKind.MalformedPickle, "the list of storages is not a list.", again);
        var data = new Dictionary<string, TorchData>(StringComparer.Ordinal);
        foreach (object? item in list)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage) || data.ContainsKey(key))
                throw file.Error(
                    CheckpointErrorKind.MalformedPickle, "the list of storages names one that no tensor uses, or one twice.", again);
            long bytes = storage.Count * storage.Type.ElementSize();
            if (file.Length - position < sizeof(long))
                throw file.Error(CheckpointErrorKind.Truncated, $"the file ends before the data of storage {Messages.Quote(key)}.", again);
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Read(position, sizeof(long)));
            position += sizeof(long);
            if (count != storage.Count)
                throw file.Error(
                    CheckpointErrorKind.BadTensor,
                    $"the storage {Messages.Quote(key)} should have {storage.Count} elements; {count} are declared.", again);
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
