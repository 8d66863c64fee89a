using System.Buffers.Binary;
using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// A safetensors file. Opening reads and checks the header; the data stays on disk, memory-mapped, until a tensor's values are used.
/// Tensors aligned to their element size share the mapping; others are copied.
/// </summary>
public sealed class SafetensorsFile : ITensorSource
{
    private readonly TensorFile _file;
    private readonly SafetensorsHeader _header;
    private readonly long _dataBegin;

    private SafetensorsFile(TensorFile file, SafetensorsHeader header, long dataBegin)
    {
        (_file, _header, _dataBegin) = (file, header, dataBegin);
        Tensors = header.Entries.ToDictionary(pair => pair.Key, pair => pair.Value.Info, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>The text metadata under <c>__metadata__</c>; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="CheckpointException">It is not safetensors, or breaks a rule of the format.</exception>
    /// <exception cref="ModelException">It does not exist or cannot be read.</exception>
    public static SafetensorsFile Open(string path) => TensorFile.Open(path, Open);

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var entry = _header.Entries[name];
        long[] shape = [.. entry.Info.Shape];
        return _file.View(entry.Info.DType, _dataBegin + entry.Begin, shape, TensorSizes.ContiguousStrides(shape));
    }

    /// <summary>Where a tensor's values are in the file, for readers other than torch.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>First byte and number of bytes.</returns>
    public (long Offset, long Length) RangeOf(string name)
    {
        SafetensorsEntry entry = _header.Entries[name];
        return (_dataBegin + entry.Begin, entry.End - entry.Begin);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Takes ownership of the open file; on failure the caller closes it.</summary>
    internal static SafetensorsFile Open(TensorFile file)
    {
        ForeignFile.Refuse(file);
        const int prefix = sizeof(ulong);
        const string again = "Download or copy the file again.";
        if (file.Length < prefix + 2)
            throw file.Error(CheckpointErrorKind.Truncated, $"the file has only {file.Length} bytes.", again);
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(file.Read(0, prefix));
        if (claimed is 0 or > SafetensorsHeader.MaxBytes)
            throw file.Error(
                CheckpointErrorKind.BadHeader,
                $"it is not a safetensors file: its header would have {claimed} bytes; 2 to {SafetensorsHeader.MaxBytes} are valid.",
                again);
        if ((long)claimed > file.Length - prefix)
            throw file.Error(CheckpointErrorKind.Truncated, $"the file ends within its header of {claimed} bytes.", again);
        long begin = prefix + (long)claimed;
        var header = SafetensorsHeader.Parse(file, file.Read(prefix, (int)claimed), file.Length - begin);
        return new SafetensorsFile(file, header, begin);
    }
}

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Info">Name, type, shape.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last one.</param>
internal sealed record SafetensorsEntry(TensorInfo Info, long Begin, long End);

/// <summary>
/// The element types of the safetensors format and their torch counterparts. The format's other types are not supported.
/// </summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, ScalarType> Types = new Dictionary<string, ScalarType>
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
        ["C64"] = ScalarType.ComplexFloat32,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<ScalarType, string> Names = Types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static bool TryParse(string name, out ScalarType type) => Types.TryGetValue(name, out type);

    public static bool TryFormat(ScalarType type, out string? name) => Names.TryGetValue(type, out name);
}
