using System.Buffers.Binary;
using System.Text.Json;
using Hypir.Core.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Writes safetensors files through a temporary file beside the target, which is renamed when complete. Equal tensors give identical bytes:
/// larger element types first (so that all are aligned), then by name in ordinal order, with the header padded to a multiple of 8.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes tensors of any device and strides; the file stores them contiguously in their own type.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors by key.</param>
    /// <param name="metadata">Text metadata, or null.</param>
    /// <exception cref="ArgumentException">A tensor's type has no counterpart in the format, or the keys do not fit its header.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(
            path, tensors.Select(pair => new TensorInfo(pair.Key, pair.Value.dtype, pair.Value.shape)), name => tensors[name].alias(),
            metadata, CancellationToken.None);

    /// <summary>Writes a source's tensors one at a time, so that at most one is in memory.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The source; it stays open.</param>
    /// <param name="metadata">Text metadata, or null.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    /// <exception cref="ArgumentException">A tensor's type has no counterpart in the format, or the keys do not fit its header.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; the target is unchanged.</exception>
    public static void Write(
        string path,
        ITensorSource tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellation = default
    ) => Write(path, tensors.Tensors.Values, tensors.Read, metadata, cancellation);

    private static void Write(
        string path, IEnumerable<TensorInfo> infos, Func<string, Tensor> read, IReadOnlyDictionary<string, string>? metadata,
        CancellationToken cancellation)
    {
        TensorInfo[] order =
        [
            .. infos.OrderByDescending(info => info.DType.ElementSize()).ThenBy(info => info.Name, StringComparer.Ordinal),
        ];
        byte[] header = Header(order, metadata);
        FileReplacement.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var info in order)
            {
                cancellation.ThrowIfCancellationRequested();
                WriteTensor(stream, read(info.Name));
            }
        });
    }

    private static void WriteTensor(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using (tensor)
            TensorBytes.ForEachSpan(tensor.detach().cpu().contiguous(), (_, bytes) => stream.Write(bytes));
    }

    private static byte[] Header(TensorInfo[] order, IReadOnlyDictionary<string, string>? metadata)
    {
        const int prefix = sizeof(ulong);
        using var stream = new MemoryStream();
        stream.Write(new byte[prefix]);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long position = 0;
            foreach (var info in order)
                position = WriteEntry(json, info, position);
            json.WriteEndObject();
        }
        while (stream.Length % prefix != 0)
            stream.WriteByte((byte)' ');
        byte[] header = stream.ToArray();
        if (header.Length - prefix > SafetensorsHeader.MaxBytes)
            throw new ArgumentException(
                $"The names and texts need a header of {header.Length} bytes; {SafetensorsHeader.MaxBytes} are possible.");
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - prefix);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null or { Count: 0 })
            return;
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter json, TensorInfo info, long position)
    {
        if (!SafetensorsTypes.TryFormat(info.DType, out string? type))
            throw new ArgumentException($"The safetensors format has no {info.DType}, the type of \"{info.Name}\".");
        if (info.Name == SafetensorsHeader.MetadataKey)
            throw new ArgumentException($"A tensor cannot be called {info.Name}: the format uses that name.");
        json.WriteStartObject(info.Name);
        json.WriteString("dtype", type);
        json.WriteStartArray("shape");
        foreach (long size in info.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(position);
        position = checked(position + TensorSizes.Bytes(info)!.Value);
        json.WriteNumberValue(position);
        json.WriteEndArray();
        json.WriteEndObject();
        return position;
    }
}
