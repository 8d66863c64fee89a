using System.Buffers.Binary;

namespace Hypir.Restoration.Images;

/// <summary>Puts EXIF into a TIFF file, which libvips does not: a new first directory at the file's end has the old one's entries and the block's.</summary>
internal static class TiffExif
{
    /// <summary>Adds a block to a little-endian TIFF file of one page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="block">What is added; where a tag is there already, the file's stays.</param>
    /// <exception cref="InvalidDataException">The file is no little-endian TIFF, or too long for one.</exception>
    internal static void Add(string path, ExifBlock block)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (IfdReader.Open(file) is not { } reader)
            throw new InvalidDataException("Not a TIFF file.");
        uint at = checked((uint)(file.Length + 1 & ~1L));
        var (bytes, mainAt) = block.Serialise(at, RawEntries(file, reader.First));
        file.Position = at;
        file.Write(bytes);
        Span<byte> pointer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(pointer, mainAt);
        file.Position = 4;
        file.Write(pointer);
    }

    // Values that lie elsewhere in the file stay there: the entry's four bytes are kept as they are.
    private static List<IfdEntry> RawEntries(FileStream file, uint at)
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
