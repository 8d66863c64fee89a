using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

/// <summary>Writes a directory of a little-endian TIFF structure.</summary>
internal static class IfdWriter
{
    private const int EntrySize = 12;

    /// <summary>A directory followed by the values that do not fit its entries; an even number of bytes, no directory after it.</summary>
    /// <param name="entries">Its entries, in any order; of two with one tag the first is kept.</param>
    /// <param name="at">Where it will lie: an even offset.</param>
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
