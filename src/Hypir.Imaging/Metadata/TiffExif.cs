using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// Puts EXIF and IPTC into a TIFF file, which libvips does not (of IPTC it writes a quarter): a new first directory at the file's end has the old
/// one's entries and the new ones.
/// </summary>
internal static class TiffExif
{
    private const ushort IptcTag = 33723;

    /// <summary>Adds to a little-endian TIFF file of one page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="block">EXIF; where a tag is there already, the file's stays.</param>
    /// <param name="iptc">IPTC records, or null.</param>
    /// <exception cref="InvalidDataException">The file is no little-endian TIFF, or too long for one.</exception>
    internal static void Add(string path, ExifBlock block, byte[]? iptc)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (IfdReader.Open(file) is not { } reader)
            throw new InvalidDataException("Not a TIFF file.");
        uint at = checked((uint)(file.Length + 1 & ~1L));
        var others = RawEntries(file, reader.First);
        if (iptc is not null)
            others.Add(IptcEntry(iptc));
        var (bytes, mainAt) = block.Serialise(at, others);
        file.Position = at;
        file.Write(bytes);
        Span<byte> pointer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(pointer, mainAt);
        file.Position = 4;
        file.Write(pointer);
    }

    // The tag's type is a number of four bytes, so the records are padded.
    private static IfdEntry IptcEntry(byte[] iptc)
    {
        byte[] padded = new byte[iptc.Length + 3 & ~3];
        iptc.CopyTo(padded, 0);
        return new IfdEntry(IptcTag, IfdEntry.Long, (uint)padded.Length / 4, padded);
    }

    // Values that lie elsewhere in the file stay there: the entry's four bytes are kept as they are.
    private static List<IfdEntry> RawEntries(FileStream file, long at)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.ASCII, leaveOpen: true);
        file.Position = at;
        int count = reader.ReadUInt16();
        List<IfdEntry> entries = new(count);
        for (int i = 0; i < count; i++)
            entries.Add(new IfdEntry(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt32(), reader.ReadBytes(4)));
        return entries;
    }
}
