using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// IPTC records (IIM 4.2): bare in TIFF, inside Photoshop's image resource 0x0404 in JPEG and elsewhere.
/// </summary>
internal static class IptcRecords
{
    private const int MostInJpeg = 65_000;
    private const ushort Resource = 0x0404;

    // Application record: content location code and name, city, sub-location, state, country code and name.
    private static readonly HashSet<byte> LocationDatasets = [26, 27, 90, 92, 95, 100, 101];

    private static ReadOnlySpan<byte> Photoshop => "Photoshop 3.0\0"u8;

    /// <summary>The bare records of either kind of block; null if there are none.</summary>
    internal static byte[]? Unwrap(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Photoshop))
            block = block[Photoshop.Length..];
        if (!block.StartsWith("8BIM"u8))
            return block is [0x1c, ..] ? block.ToArray() : null;
        while (block.Length >= 12 && block.StartsWith("8BIM"u8))
        {
            // Signature, number, a name of even length with its own length, length of the data, the data padded to an even length.
            int name = block[6] + 2 & ~1;
            if (6 + name + 4 > block.Length)
                return null;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(block[(6 + name)..]);
            int start = 6 + name + 4;
            if (length > block.Length - start)
                return null;
            if (BinaryPrimitives.ReadUInt16BigEndian(block[4..]) == Resource)
                return length == 0 ? null : block.Slice(start, (int)length).ToArray();
            block = block[Math.Min(block.Length, start + ((int)length + 1 & ~1))..];
        }
        return null;
    }

    /// <summary>The records wrapped for a JPEG file; null if they do not fit.</summary>
    internal static byte[]? WrapForJpeg(byte[] records)
    {
        if (records.Length > MostInJpeg)
            return null;
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, records.Length);
        return [.. Photoshop, .. "8BIM"u8, Resource >> 8, Resource & 0xff, 0, 0, .. length, .. records, .. new byte[records.Length & 1]];
    }

    /// <summary>The records without those that name a place. Unreadable data is dropped, since it may name one.</summary>
    internal static byte[] WithoutLocation(ReadOnlySpan<byte> records)
    {
        List<byte> kept = [];
        // Marker, record, dataset, 2-byte length (extended lengths, which set its top bit, are not used for text).
        while (records.Length >= 5 && records[0] == 0x1c)
        {
            int length = 5 + BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            if (length > records.Length)
                break;
            if (records[1] != 2 || !LocationDatasets.Contains(records[2]))
                kept.AddRange(records[..length]);
            records = records[length..];
        }
        return [.. kept];
    }
}
