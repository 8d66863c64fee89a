using System.Buffers.Binary;

namespace Hypir.Restoration.Images;

/// <summary>Reads directories of a TIFF structure: an EXIF block or a whole TIFF file. What is damaged is passed over.</summary>
internal sealed class IfdReader
{
    private const int HeaderSize = 8, EntrySize = 12, MostEntries = 500, MostBytes = 1 << 16;

    private readonly Stream _file;
    private readonly bool _bigEndian;

    private IfdReader(Stream file, bool bigEndian) => (_file, _bigEndian) = (file, bigEndian);

    /// <summary>Where the first directory lies.</summary>
    internal uint First { get; private init; }

    /// <summary>Opens a TIFF structure; null where the stream is none (or a BigTIFF).</summary>
    internal static IfdReader? Open(Stream file)
    {
        Span<byte> head = stackalloc byte[HeaderSize];
        file.Position = 0;
        if (file.ReadAtLeast(head, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            return null;
        bool bigEndian = head.StartsWith("MM"u8);
        if (!bigEndian && !head.StartsWith("II"u8))
            return null;
        var reader = new IfdReader(file, bigEndian) { First = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(head[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) };
        return reader.Read16(head[2..]) == 42 ? reader : null;
    }

    /// <summary>The entries of a directory.</summary>
    /// <param name="at">Where it lies.</param>
    /// <param name="wanted">Which tags are read.</param>
    internal List<IfdEntry> Read(uint at, Func<ushort, bool> wanted)
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

    /// <summary>Whether a directory and its values lie within the file.</summary>
    /// <param name="at">Where it lies.</param>
    /// <param name="wanted">Which tags are looked at.</param>
    internal bool AllInside(uint at, Func<ushort, bool> wanted)
    {
        byte[] table = Table(at);
        // Behind the entries lies where the next directory is. Many writers put it at the very end of the file.
        if (Bytes(at, 2) is not { Length: 2 } count || at + 2L + Read16(count) * EntrySize + 4 > _file.Length)
            return false;
        for (int i = 0; i + EntrySize <= table.Length; i += EntrySize)
        {
            var entry = table.AsSpan(i, EntrySize);
            long length = (long)Read32(entry[4..]) * Size(Read16(entry[2..]));
            if (length > 4 && Read32(entry[8..]) + length > _file.Length && wanted(Read16(entry)))
                return false;
        }
        return true;
    }

    private static int Size(ushort type) => type < IfdEntry.TypeSizes.Length ? IfdEntry.TypeSizes[type] : 0;

    private byte[] Table(uint at)
    {
        byte[] count = Bytes(at, 2);
        return count.Length < 2 ? [] : Bytes(at + 2L, Math.Min((int)Read16(count), MostEntries) * EntrySize);
    }

    private IfdEntry? Entry(ReadOnlySpan<byte> entry)
    {
        ushort type = Read16(entry[2..]);
        uint count = Read32(entry[4..]);
        int size = Size(type);
        if (size == 0 || count == 0 || count > MostBytes / size)
            return null;
        int length = (int)count * size;
        byte[] value = length <= 4 ? entry.Slice(8, length).ToArray() : Bytes(Read32(entry[8..]), length);
        if (value.Length < length)
            return null;
        // A rational is two numbers of four bytes.
        int number = type is 5 or 10 ? 4 : size;
        if (_bigEndian)
        {
            for (int i = 0; i < length; i += number)
                value.AsSpan(i, number).Reverse();
        }
        return new IfdEntry(Read16(entry), type, count, value);
    }

    private byte[] Bytes(long at, int length)
    {
        if (at >= _file.Length)
            return [];
        byte[] bytes = new byte[Math.Min(length, _file.Length - at)];
        _file.Position = at;
        return bytes[.._file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private ushort Read16(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private uint Read32(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
