using System.IO.Compression;
using System.IO.Hashing;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>Reads zip entries and verifies their CRC, which torch itself never does.</summary>
internal static class ZipContent
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Reads a small entry as a whole.</summary>
    /// <exception cref="CheckpointException">The content is damaged, or larger than <paramref name="limit"/>.</exception>
    public static byte[] ReadAll(TensorFile file, ZipEntry entry, int limit)
    {
        if (entry.Size > limit)
            throw file.Error(
                CheckpointErrorKind.LimitExceeded, $"{Messages.Quote(entry.Name)} has {entry.Size} bytes; the limit is {limit}.",
                "Weights never need that much: take the file from another source.");
        var content = new byte[entry.Size];
        Unpack(file, entry, fill => fill(content));
        return content;
    }

    /// <summary>
    /// Reads an entry as a tensor of elements of this type. The caller has checked that its size fits. The caller owns the tensor.
    /// </summary>
    /// <exception cref="CheckpointException">The content is damaged.</exception>
    public static Tensor Inflate(TensorFile file, ZipEntry entry, ScalarType type)
    {
        var tensor = empty(entry.Size / type.ElementSize(), type);
        try
        {
            Unpack(file, entry, fill => TensorBytes.ForEachSpan(tensor, (_, span) => fill(span)));
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Verifies a stored entry's CRC without keeping its content.</summary>
    /// <exception cref="CheckpointException">The content is damaged.</exception>
    public static void Verify(TensorFile file, ZipEntry entry)
    {
        var buffer = new byte[BufferBytes];
        Unpack(file, entry, fill =>
        {
            for (long left = entry.Size; left > 0; left -= buffer.Length)
                fill(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
        });
    }

    private delegate void Fill(Span<byte> destination);

    private static void Unpack(TensorFile file, ZipEntry entry, Action<Fill> consume)
    {
        var crc = new Crc32();
        using var raw = new FileRange(file, entry.Offset, entry.PackedSize);
        using Stream stream = entry.Deflated ? new DeflateStream(raw, CompressionMode.Decompress) : raw;
        bool complete;
        try
        {
            consume(destination =>
            {
                stream.ReadExactly(destination);
                crc.Append(destination);
            });
            complete = stream.ReadByte() < 0;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(file, entry, "does not unpack", e);
        }
        if (!complete)
            throw Damaged(file, entry, "holds more than it declares");
        if (crc.GetCurrentHashAsUInt32() != entry.Crc)
            throw Damaged(file, entry, "does not match its checksum");
    }

    private static CheckpointException Damaged(TensorFile file, ZipEntry entry, string what, Exception? inner = null) =>
        file.Error(
            CheckpointErrorKind.BadZip,
            $"{Messages.Quote(entry.Name)} in the zip {what}.",
            "The file is damaged: download it again.",
            inner
        );
}

/// <summary>One file of a zip, with a verified place.</summary>
/// <param name="Name">Path in the zip, with forward slashes.</param>
/// <param name="Deflated">Whether it is compressed with deflate rather than stored.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="PackedSize">Bytes in the zip.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="Offset">Offset of its bytes in the zip.</param>
internal sealed record ZipEntry(string Name, bool Deflated, uint Crc, long PackedSize, long Size, long Offset);
