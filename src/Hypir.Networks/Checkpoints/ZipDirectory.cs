using System.Buffers.Binary;
using System.Text;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Reads a zip's central directory, including zip64, and finds the bytes of each entry in the file, so that stored tensors can stay mapped.
/// It accepts only what torch and repackers write: stored or deflated entries in a single part, not encrypted, with unique names.
/// </summary>
/// <remarks>Format: PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (end records), 4.5.3 (zip64
/// field).</remarks>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int LocalBytes = 30, CentralBytes = 46, EndBytes = 22, End64Bytes = 56, Locator64Bytes = 20;
    private const int MaxDirectoryBytes = 1 << 26;

    // The limit of deflate: 258 bytes take at least 2 bits.
    private const long MaxRatio = 1032;

    private readonly TensorFile _file;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory(TensorFile file) => _file = file;

    /// <summary>Entries by name, without folders.</summary>
    /// <exception cref="CheckpointException">The zip is damaged, or of a kind that torch does not write.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(TensorFile file)
    {
        var zip = new ZipDirectory(file);
        var (begin, end, count) = zip.FindDirectory();
        zip.ReadEntries(begin, end, count);
        zip.CheckOverlap(begin);
        return zip._entries;
    }

    private (long Begin, long End, long Count) FindDirectory()
    {
        int tailBytes = (int)Math.Min(_file.Length, EndBytes + ushort.MaxValue);
        long tailBegin = _file.Length - tailBytes;
        ReadOnlySpan<byte> tail = _file.Read(tailBegin, tailBytes);
        for (int at = tailBytes - EndBytes; at >= 0; at--)
        {
            var end = tail[at..];
            if (U32(end) == EndSignature && U16(end[20..]) == end.Length - EndBytes)
                return ReadEnd(end, tailBegin + at);
        }
        throw Bad("the zip's end is missing: the file is cut off, or something follows it.", "Download or copy the file again.");
    }

    private (long Begin, long End, long Count) ReadEnd(ReadOnlySpan<byte> end, long at)
    {
        (long count, long size, long begin) = (U16(end[10..]), U32(end[12..]), U32(end[16..]));
        if (at >= Locator64Bytes && _file.Read(at - Locator64Bytes, Locator64Bytes) is var locator && U32(locator) == Locator64Signature)
        {
            at = I64(locator.AsSpan(8));
            if (at < 0 || at > _file.Length - End64Bytes || _file.Read(at, End64Bytes) is var end64 && U32(end64) != End64Signature)
                throw Bad("the zip64 end record is not where it should be.");
            (count, size, begin) = (I64(end64.AsSpan(32)), I64(end64.AsSpan(40)), I64(end64.AsSpan(48)));
        }
        if (begin < 0 || size < 0 || begin > at || size != at - begin || size > MaxDirectoryBytes)
            throw Bad("the zip's directory is not where the end record says.");
        return (begin, at, count);
    }

    private void ReadEntries(long begin, long end, long count)
    {
        ReadOnlySpan<byte> directory = _file.Read(begin, (int)(end - begin));
        long found = 0;
        while (!directory.IsEmpty)
        {
            if (directory.Length < CentralBytes || U32(directory) != CentralSignature)
                throw Bad($"the zip's directory is damaged after {found} entries.");
            int nameBytes = U16(directory[28..]), extraBytes = U16(directory[30..]), commentBytes = U16(directory[32..]);
            if (directory.Length < CentralBytes + nameBytes + extraBytes + commentBytes)
                throw Bad($"the zip's directory ends within entry {found + 1}.");
            Add(directory, directory.Slice(CentralBytes, nameBytes), directory.Slice(CentralBytes + nameBytes, extraBytes), begin);
            directory = directory[(CentralBytes + nameBytes + extraBytes + commentBytes)..];
            found++;
        }
        if (found != count)
            throw Bad($"the zip declares {count} entries but has {found}.");
    }

    private void Add(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rawName, ReadOnlySpan<byte> extra, long directoryBegin)
    {
        string name = Encoding.UTF8.GetString(rawName);
        CheckName(name);
        int flags = U16(header[8..]), method = U16(header[10..]);
        var (packed, size, local) = Sizes(header, extra, name);
        if ((flags & 1) != 0 || method is not (0 or 8))
            throw Bad($"{Messages.Quote(name)} is encrypted or compressed in a way that is not supported.");
        bool deflated = method == 8;
        if (deflated ? size / MaxRatio > packed : size != packed)
            throw Bad($"{Messages.Quote(name)}: {packed} bytes cannot hold {size}.");
        long offset = DataOffset(local, rawName, method, name);
        if (packed > directoryBegin - offset)
            throw Bad($"{Messages.Quote(name)} reaches beyond the zip's directory.");
        if (name.EndsWith('/') && size == 0)
            return;
        if (!_entries.TryAdd(name, new ZipEntry(name, deflated, U32(header[16..]), packed, size, offset)))
            throw Bad($"{Messages.Quote(name)} is in the zip twice.");
    }

    private void CheckName(string name)
    {
        // Nothing is ever extracted here; but no honest tool writes such names, and other programs that open the file would be at risk.
        if (name.Contains('\\') || name.StartsWith('/') || name.Split('/').Contains(".."))
            throw Bad($"the entry {Messages.Quote(name)} leads out of the zip.", "Do not use this file: it was made to do harm.");
    }

    private (long Packed, long Size, long Local) Sizes(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, string name)
    {
        (long packed, long size, long local) = (U32(header[20..]), U32(header[24..]), U32(header[42..]));
        while (extra.Length >= 4)
        {
            int id = U16(extra), length = U16(extra[2..]);
            if (length > extra.Length - 4)
                break;
            if (id == 1)
            {
                var field = extra.Slice(4, length);
                size = Wide(size, ref field);
                packed = Wide(packed, ref field);
                local = Wide(local, ref field);
            }
            extra = extra[(4 + length)..];
        }
        if (packed < 0 || size < 0 || local < 0 || packed > _file.Length || local > _file.Length - LocalBytes)
            throw Bad($"{Messages.Quote(name)} lies beyond the end of the file.");
        return (packed, size, local);
    }

    private static long Wide(long value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue || field.Length < sizeof(long))
            return value;
        value = I64(field);
        field = field[sizeof(long)..];
        return value;
    }

    private long DataOffset(long local, ReadOnlySpan<byte> rawName, int method, string name)
    {
        ReadOnlySpan<byte> header = _file.Read(local, LocalBytes);
        int nameBytes = U16(header[26..]);
        long offset = local + LocalBytes + nameBytes + U16(header[28..]);
        if (U32(header) != LocalSignature || U16(header[8..]) != method || nameBytes != rawName.Length || offset > _file.Length
            || !rawName.SequenceEqual(_file.Read(local + LocalBytes, nameBytes)))
            throw Bad($"{Messages.Quote(name)}: the zip's directory and the entry's own header contradict each other.");
        return offset;
    }

    private void CheckOverlap(long directoryBegin)
    {
        long begin = directoryBegin;
        foreach (var entry in _entries.Values.OrderByDescending(e => e.Offset).ThenByDescending(e => e.PackedSize))
        {
            if (entry.Offset + entry.PackedSize > begin)
                throw Bad($"{Messages.Quote(entry.Name)} overlaps another entry of the zip.");
            begin = entry.Offset;
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private CheckpointException Bad(string message, string remedy = "The file is damaged: download it again.") =>
        _file.Error(CheckpointErrorKind.BadZip, message, remedy);
}
