using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Hypir.Networks.Libraries;

/// <summary>The libraries listed in the import tables of a Windows program or library (a PE file).</summary>
/// <param name="Needed">Libraries required to load it.</param>
/// <param name="Delayed">Libraries loaded on first use.</param>
public sealed record ImportTable(IReadOnlyList<string> Needed, IReadOnlyList<string> Delayed)
{
    // Descriptor sizes in bytes, and the offset of the name's address (winnt.h: IMAGE_IMPORT_DESCRIPTOR, IMAGE_DELAYLOAD_DESCRIPTOR).
    private const int ImportSize = 20, ImportName = 12, DelaySize = 32, DelayName = 4;

    /// <summary>All libraries.</summary>
    public IEnumerable<string> All => Needed.Concat(Delayed);

    /// <summary>Reads the import tables of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadImageFormatException">It is not a PE file, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImportTable Read(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        try
        {
            PEHeader header = image.PEHeaders.PEHeader ?? throw new BadImageFormatException("it has no program header");
            return new(
                Names(image, header.ImportTableDirectory, ImportSize, ImportName),
                Names(image, header.DelayImportTableDirectory, DelaySize, DelayName));
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new BadImageFormatException(
                $"{path} is not a program or library for Windows, or it is damaged: {failure.Message}", failure);
        }
    }

    /// <summary>Reads a table up to its terminating zero descriptor; the size in the header may be larger.</summary>
    private static List<string> Names(PEReader image, DirectoryEntry table, int size, int name)
    {
        List<string> names = [];
        if (table.RelativeVirtualAddress == 0)
            return names;
        BlobReader descriptors = Section(image, table.RelativeVirtualAddress);
        for (int at = 0; ; at += size)
        {
            descriptors.Offset = at + name;
            if (descriptors.ReadInt32() is not (not 0 and int address))
                return names;
            names.Add(Text(image, address));
        }
    }

    private static string Text(PEReader image, int address)
    {
        BlobReader text = Section(image, address);
        int length = text.IndexOf(0);
        return length > 0 ? Encoding.ASCII.GetString(text.ReadBytes(length))
            : throw new BadImageFormatException("a name in its import table has no end");
    }

    private static BlobReader Section(PEReader image, int address) =>
        image.GetSectionData(address) is { Length: > 0 } section ? section.GetReader()
            : throw new BadImageFormatException("its import table lies outside the file");
}

/// <summary>A library that was not found.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="NeededBy">The file name of the library or program that needs it.</param>
public sealed record MissingImport(string Name, string NeededBy);

/// <summary>Finds libraries that a Windows program needs but that are missing.</summary>
/// <param name="folders">The folders from which libraries are loaded; names are compared case-insensitively.</param>
/// <param name="isProvided">Whether the system provides a library that is not in any of the folders.</param>
public sealed class MissingImports(IReadOnlyList<string> folders, Func<string, bool> isProvided)
{
    private readonly Dictionary<string, string> _shipped = folders.Reverse().Where(Directory.Exists).SelectMany(Directory.GetFiles)
        .GroupBy(path => Path.GetFileName(path), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(files => files.Key, files => files.Last(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The missing libraries of a file and of everything that it needs in turn, each one once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="delayed">Whether libraries loaded on first use count too.</param>
    /// <exception cref="BadImageFormatException">A library is damaged.</exception>
    public IReadOnlyList<MissingImport> Of(string path, bool delayed = false)
    {
        List<MissingImport> missing = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        var waiting = new Queue<string>([path]);
        while (waiting.TryDequeue(out string? file))
        {
            ImportTable table = ImportTable.Read(file);
            foreach (string name in (delayed ? table.All : table.Needed).Where(seen.Add))
            {
                if (_shipped.TryGetValue(name, out string? shipped))
                    waiting.Enqueue(shipped);
                else if (!isProvided(name))
                    missing.Add(new(name, Path.GetFileName(file)));
            }
        }

        return missing;
    }
}

/// <summary>
/// A Linux library. The loader silently maps a truncated one, and the process crashes when it touches the missing part.
/// </summary>
internal static class ElfFile
{
    // Offsets of the section table's position, entry size and count in the header (elf.h: Elf64_Ehdr).
    private const int HeaderSize = 64, TableOffset = 40, EntrySize = 58, EntryCount = 60;

    /// <summary>Whether a file is shorter than its header implies. The section table comes last.</summary>
    /// <param name="path">The file.</param>
    public static bool IsCutOff(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            return true;
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[TableOffset..]);
        ulong size = BinaryPrimitives.ReadUInt16LittleEndian(header[EntrySize..]),
            count = BinaryPrimitives.ReadUInt16LittleEndian(header[EntryCount..]);
        return table + size * count > (ulong)file.Length;
    }
}
