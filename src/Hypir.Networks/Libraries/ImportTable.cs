using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Hypir.Networks.Libraries;

/// <summary>The libraries that a program or library for Windows (a PE file) names in its import tables.</summary>
/// <param name="Needed">Those it cannot be loaded without.</param>
/// <param name="Delayed">Those it loads on first use.</param>
public sealed record ImportTable(IReadOnlyList<string> Needed, IReadOnlyList<string> Delayed)
{
    // Sizes of a descriptor in bytes, and where in it the address of the name is
    // (winnt.h: IMAGE_IMPORT_DESCRIPTOR, IMAGE_DELAYLOAD_DESCRIPTOR).
    private const int ImportSize = 20, ImportName = 12, DelaySize = 32, DelayName = 4;

    /// <summary>All of them.</summary>
    public IEnumerable<string> All => Needed.Concat(Delayed);

    /// <summary>Reads the import tables of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadImageFormatException">It is not a PE file, or it is damaged.</exception>
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
            throw new BadImageFormatException($"{path} is not a program or library for Windows, or it is damaged: {failure.Message}", failure);
        }
    }

    /// <summary>The tables end with a descriptor of zeros; the size in the header may count more than them.</summary>
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
