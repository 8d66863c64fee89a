using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

/// <summary>Reads directories of a TIFF structure: an EXIF block, or a whole TIFF or BigTIFF file. Damaged entries are skipped.</summary>
internal sealed class IfdReader
{
    private const int MostEntries = 500, MostBytes = 1 << 16;

    private readonly Stream _file;
    private readonly bool _bigEndian;
    private readonly bool _bigTiff;

    private IfdReader(Stream file, bool bigEndian, bool bigTiff) => (_file, _bigEndian, _bigTiff) = (file, bigEndian, bigTiff);

    /// <summary>Where the first directory lies.</summary>
    internal long First { get; private set; }

    private int CountSize => _bigTiff ? 8 : 2;

    private int EntrySize => _bigTiff ? 20 : 12;

    // Bytes of an offset, and of the values that fit into an entry.
    private int OffsetSize => _bigTiff ? 8 : 4;

    /// <summary>Opens a TIFF structure; null if the stream is none.</summary>
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
        int version = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)) : BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2));
        if (version != classic && (version != big || head.Length < bigHead))
            return null;
        var reader = new IfdReader(file, bigEndian, version == big);
        reader.First = reader.Offset(head.AsSpan(version == big ? classicHead : classicHead / 2));
        return reader;
    }

    /// <summary>The entries of a directory.</summary>
    /// <param name="at">Where it lies.</param>
    /// <param name="wanted">Which tags are read.</param>
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

    /// <summary>Where the directory after another one lies; 0 after the last.</summary>
    /// <param name="at">Where the other one lies.</param>
    internal long Next(long at)
    {
        byte[] next = Bytes(EndOfEntries(at), OffsetSize);
        return next.Length == OffsetSize ? Offset(next) : 0;
    }

    /// <summary>Whether a directory and its values lie within the file.</summary>
    /// <param name="at">Where it lies.</param>
    /// <param name="wanted">Which tags are checked.</param>
    internal bool AllInside(long at, Func<ushort, bool> wanted)
    {
        byte[] table = Table(at);
        // The offset of the next directory follows the entries. Some writers omit it at the end of the file; a part of it means that the file was cut.
        long missing = EndOfEntries(at) + OffsetSize - _file.Length;
        if (table.Length == 0 || (missing > 0 && missing != OffsetSize))
            return false;
        for (int i = 0; i + EntrySize <= table.Length; i += EntrySize)
        {
            var entry = table.AsSpan(i, EntrySize);
            int size = Size(Read16(entry[2..]));
            long count = Offset(entry[4..]);
            bool inEntry = size == 0 || count <= OffsetSize / size;
            if (!inEntry && (count > _file.Length / size || Offset(entry[(4 + OffsetSize)..]) > _file.Length - count * size) && wanted(Read16(entry)))
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
        // A rational is two numbers of four bytes.
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

    // Offsets beyond the range of a long lie beyond every file.
    private long Offset(ReadOnlySpan<byte> at)
    {
        if (!_bigTiff)
            return Read32(at);
        ulong offset = _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);
        return (long)Math.Min(offset, long.MaxValue / 2);
    }

    private ushort Read16(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private uint Read32(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
