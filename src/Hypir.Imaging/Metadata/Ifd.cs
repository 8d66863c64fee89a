using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

/// <summary>An entry of an image file directory (TIFF 6.0, section 2).</summary>
/// <param name="Tag">The tag number.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Count">The number of values.</param>
/// <param name="Value">
/// The bytes of the values, little endian. Up to 4 bytes are stored in the entry itself, so 4 bytes may also be the offset of values stored
/// elsewhere.
/// </param>
internal readonly record struct IfdEntry(ushort Tag, ushort Type, uint Count, byte[] Value)
{
    /// <summary>Types from the standard used here.</summary>
    internal const ushort Byte = 1, Ascii = 2, Short = 3, Long = 4, Rational = 5, Directory = 13, Long8 = 16, Directory8 = 18;

    /// <summary>
    /// Bytes per value of each type, by type number; 0 for numbers that are not a type. Types from 14 on exist only in BigTIFF.
    /// </summary>
    internal static ReadOnlySpan<byte> TypeSizes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    /// <summary>Whether an EXIF block or a classic TIFF file can hold the entry.</summary>
    internal bool IsClassic => Type <= Directory;

    /// <summary>The values as unsigned integers; empty if they are of another type.</summary>
    internal IEnumerable<long> Numbers
    {
        get
        {
            var (type, value) = (Type, Value);
            int size = type is Byte or Short or Long or Directory or Long8 or Directory8 ? TypeSizes[type] : 0;
            return size == 0 ? [] : Enumerable.Range(0, value.Length / size).Select(i => size switch
            {
                1 => value[i],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(value.AsSpan(2 * i)),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(4 * i)),
                _ => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(8 * i)), long.MaxValue / 2),
            });
        }
    }

    /// <summary>The values as quotients; empty if they are of another type. Division by zero gives NaN or infinity.</summary>
    internal IEnumerable<double> Quotients
    {
        get
        {
            var (type, value) = (Type, Value);
            return type != Rational
                ? []
                : Enumerable
                    .Range(0, value.Length / 8)
                    .Select(i =>
                        (double)BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(8 * i))
                        / BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(8 * i + 4))
                    );
        }
    }
}

/// <summary>Reads directories of a TIFF structure: an EXIF block or a whole TIFF or BigTIFF file. Damaged entries are skipped.</summary>
internal sealed class IfdReader
{
    private const int MostEntries = 500, MostBytes = 1 << 16;

    private readonly Stream _file;
    private readonly bool _bigEndian;
    private readonly bool _bigTiff;

    private IfdReader(Stream file, bool bigEndian, bool bigTiff) => (_file, _bigEndian, _bigTiff) = (file, bigEndian, bigTiff);

    /// <summary>Offset of the first directory.</summary>
    internal long First { get; private set; }

    private int CountSize => _bigTiff ? 8 : 2;

    private int EntrySize => _bigTiff ? 20 : 12;

    // Bytes of an offset, and of the values that fit in an entry.
    private int OffsetSize => _bigTiff ? 8 : 4;

    /// <summary>Opens a TIFF structure; null if the stream is not one.</summary>
    internal static IfdReader? Open(Stream file)
    {
        const ushort classic = 42, big = 43;
        const int classicHead = 8, bigHead = 16;
        file.Position = 0;
        byte[] head = new byte[bigHead];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        bool bigEndian = head.AsSpan().StartsWith("MM"u8);
        if (head.Length < classicHead || (!bigEndian && !head.AsSpan().StartsWith("II"u8)))
            return null;
        int version = bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2))
            : BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2));
        if (version != classic && (version != big || head.Length < bigHead))
            return null;
        var reader = new IfdReader(file, bigEndian, version == big);
        reader.First = reader.Offset(head.AsSpan(version == big ? classicHead : classicHead / 2));
        return reader;
    }

    /// <summary>The entries of a directory.</summary>
    /// <param name="at">Offset of the directory.</param>
    /// <param name="wanted">Selects the tags to read.</param>
    internal List<IfdEntry> Read(long at, Func<ushort, bool> wanted)
    {
        List<IfdEntry> entries = [];
        byte[] table = Table(at);
        for (int i = 0; i + EntrySize <= table.Length; i += EntrySize)
        {
            var entry = table.AsSpan(i, EntrySize);
            if (wanted(Read16(entry)) && Entry(entry) is { } read)
                entries.Add(read);
        }
        return entries;
    }

    /// <summary>Offset of the next directory; 0 after the last.</summary>
    /// <param name="at">Offset of the current directory.</param>
    internal long Next(long at)
    {
        byte[] next = Bytes(EndOfEntries(at), OffsetSize);
        return next.Length == OffsetSize ? Offset(next) : 0;
    }

    /// <summary>Whether a directory and its values lie entirely within the file.</summary>
    /// <param name="at">Offset of the directory.</param>
    /// <param name="wanted">Selects the tags to check.</param>
    internal bool AllInside(long at, Func<ushort, bool> wanted)
    {
        byte[] table = Table(at);
        // The offset of the next directory follows the entries. Some writers omit it at the end of the file; a partial one means that the
        // file was cut off.
        long missing = EndOfEntries(at) + OffsetSize - _file.Length;
        if (table.Length == 0 || (missing > 0 && missing != OffsetSize))
            return false;
        for (int i = 0; i + EntrySize <= table.Length; i += EntrySize)
        {
            var entry = table.AsSpan(i, EntrySize);
            int size = Size(Read16(entry[2..]));
            long count = Offset(entry[4..]);
            bool inEntry = size == 0 || count <= OffsetSize / size;
            if (
                !inEntry
                && (count > _file.Length / size || Offset(entry[(4 + OffsetSize)..]) > _file.Length - count * size)
                && wanted(Read16(entry))
            )
                return false;
        }
        return true;
    }

    private static int Size(ushort type) => type < IfdEntry.TypeSizes.Length ? IfdEntry.TypeSizes[type] : 0;

    private byte[] Table(long at) => Bytes(at + CountSize, (int)Math.Min(EntryCount(at), MostEntries) * EntrySize);

    private long EntryCount(long at)
    {
        byte[] count = Bytes(at, CountSize);
        return count.Length < CountSize ? 0 : _bigTiff ? Offset(count) : Read16(count);
    }

    // A hostile count must not overflow.
    private long EndOfEntries(long at) => at + CountSize + Math.Min(EntryCount(at), ushort.MaxValue) * EntrySize;

    private IfdEntry? Entry(ReadOnlySpan<byte> entry)
    {
        ushort type = Read16(entry[2..]);
        long count = Offset(entry[4..]);
        int size = Size(type);
        if (size == 0 || count == 0 || count > MostBytes / size)
            return null;
        int length = (int)count * size;
        var place = entry.Slice(4 + OffsetSize, OffsetSize);
        byte[] value = length <= OffsetSize ? place[..length].ToArray() : Bytes(Offset(place), length);
        if (value.Length < length)
            return null;
        // A rational consists of two 4-byte numbers.
        int number = type is 5 or 10 ? 4 : size;
        if (_bigEndian)
        {
            for (int i = 0; i < length; i += number)
                value.AsSpan(i, number).Reverse();
        }
        return new IfdEntry(Read16(entry), type, (uint)count, value);
    }

    private byte[] Bytes(long at, int length)
    {
        if (at < 0 || at >= _file.Length)
            return [];
        byte[] bytes = new byte[Math.Min(length, _file.Length - at)];
        _file.Position = at;
        return bytes[.._file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    // Offsets that do not fit a long lie beyond the end of any file.
    private long Offset(ReadOnlySpan<byte> at)
    {
        if (!_bigTiff)
            return Read32(at);
        ulong offset = _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);
        return (long)Math.Min(offset, long.MaxValue / 2);
    }

    private ushort Read16(ReadOnlySpan<byte> at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private uint Read32(ReadOnlySpan<byte> at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}

/// <summary>Writes a directory of a little-endian TIFF structure.</summary>
internal static class IfdWriter
{
    private const int EntrySize = 12;

    /// <summary>
    /// Writes a directory followed by the values that do not fit its entries; an even number of bytes, with no next directory.
    /// </summary>
    /// <param name="entries">The entries, in any order; the first of any duplicate tags is kept.</param>
    /// <param name="at">Offset of the directory; must be even.</param>
    internal static byte[] Write(IEnumerable<IfdEntry> entries, uint at)
    {
        IfdEntry[] sorted = [.. entries.DistinctBy(entry => entry.Tag).OrderBy(entry => entry.Tag)];
        int tableSize = 2 + EntrySize * sorted.Length + 4;
        byte[] bytes = new byte[tableSize + sorted.Sum(Beyond)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)sorted.Length);
        int entryAt = 2, valueAt = tableSize;
        foreach (var entry in sorted)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entryAt), entry.Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entryAt + 2), entry.Type);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entryAt + 4), entry.Count);
            if (Beyond(entry) == 0)
            {
                entry.Value.CopyTo(bytes, entryAt + 8);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entryAt + 8), at + (uint)valueAt);
                entry.Value.CopyTo(bytes, valueAt);
            }
            entryAt += EntrySize;
            valueAt += Beyond(entry);
        }
        return bytes;
    }

    // Values start at even offsets.
    private static int Beyond(IfdEntry entry) => entry.Value.Length <= 4 ? 0 : entry.Value.Length + 1 & ~1;
}
