using System.Buffers.Binary;

namespace Hypir.Networks.Libraries;

/// <summary>
/// A library on Linux. The loader maps one that was cut off without a word, and the process ends when it touches what is missing.
/// </summary>
internal static class ElfFile
{
    // Where the header says where the table of sections starts, how long an entry is and how many there are (elf.h: Elf64_Ehdr).
    private const int HeaderSize = 64, TableOffset = 40, EntrySize = 58, EntryCount = 60;

    /// <summary>Whether a file is shorter than its header says. The table of sections comes last.</summary>
    /// <param name="path">The file.</param>
    public static bool IsCutOff(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            return true;
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[TableOffset..]);
        ulong size = BinaryPrimitives.ReadUInt16LittleEndian(header[EntrySize..]), count = BinaryPrimitives.ReadUInt16LittleEndian(header[EntryCount..]);
        return table + size * count > (ulong)file.Length;
    }
}
