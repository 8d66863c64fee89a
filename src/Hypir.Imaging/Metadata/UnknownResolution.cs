using System.Buffers.Binary;
using Hypir.Imaging.Formats;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// Takes an invented resolution out of a file: libvips writes one always, and programs that lay out pages believe it. Sizes stay as they
/// are: what cannot be removed is marked as a proportion without a unit.
/// </summary>
internal static class UnknownResolution
{
    private const int XTag = 282, YTag = 283, UnitTag = 296, EntryBytes = 12;

    private static readonly byte[] ExifName = "Exif\0\0"u8.ToArray();

    /// <summary>Edits a file that libvips wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    public static void Mark(string path, ImageFormat format)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        switch (format)
        {
            case ImageFormat.Jpeg:
                InJpeg(file);
                break;
            case ImageFormat.Png:
                InPng(file);
                break;
            case ImageFormat.WebP:
                InWebP(file);
                break;
            case ImageFormat.Tiff:
                InTiff(file);
                break;
        }
    }

    /// <summary>Whether the JFIF segment of a JPEG file has a resolution with a unit.</summary>
    /// <param name="path">The file.</param>
    public static bool JfifStatesOne(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[4], jfif = stackalloc byte[12];
        for (long at = 2; at + 4 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            if (head[0] != 0xff || head[1] == 0xda)
                return false;
            if (head[1] == 0xe0 && file.ReadAtLeast(jfif, jfif.Length, throwOnEndOfStream: false) == jfif.Length
                && jfif.StartsWith("JFIF\0"u8))
                return jfif[7] is 1 or 2;
            at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(head[2..]));
        }

        return false;
    }

    /// <summary>JFIF's units become 0, a proportion of 1:1; EXIF loses its entries.</summary>
    private static void InJpeg(FileStream file)
    {
        Span<byte> head = stackalloc byte[4];
        for (long at = 2; at + 4 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            int marker = head[1], length = BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
            // The scan begins, or this is no segment.
            if (head[0] != 0xff || marker == 0xda)
                return;
            if (marker is 0xe0 or 0xe1)
            {
                byte[] segment = new byte[length - 2];
                file.ReadExactly(segment);
                if (marker == 0xe0 && segment.AsSpan().StartsWith("JFIF\0"u8))
                    ((ReadOnlySpan<byte>)[0, 0, 1, 0, 1]).CopyTo(segment.AsSpan(7));
                else if (segment.AsSpan().StartsWith(ExifName))
                    DropEntries(segment.AsSpan(ExifName.Length));
                file.Position = at + 4;
                file.Write(segment);
            }

            at += 2 + length;
        }
    }

    /// <summary>The pHYs chunk gets the unit 0 and a proportion of 1:1; EXIF loses its entries.</summary>
    private static void InPng(FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        for (long at = 8; at + 12 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (head[4..].SequenceEqual("IDAT"u8))
                return;
            if (head[4..].SequenceEqual("pHYs"u8) || head[4..].SequenceEqual("eXIf"u8))
            {
                byte[] chunk = new byte[4 + length];
                head[4..].CopyTo(chunk);
                file.ReadExactly(chunk.AsSpan(4));
                if (chunk[0] == (byte)'p')
                    ((ReadOnlySpan<byte>)[0, 0, 0, 1, 0, 0, 0, 1, 0]).CopyTo(chunk.AsSpan(4));
                else
                    DropEntries(chunk.AsSpan(4));
                byte[] checksum = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(checksum, Checksum(chunk));
                file.Position = at + 4;
                file.Write(chunk);
                file.Write(checksum);
            }

            at += 12 + length;
        }
    }

    private static void InWebP(FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        for (long at = 12; at + 8 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head[..4].SequenceEqual("EXIF"u8))
            {
                byte[] chunk = new byte[length];
                file.ReadExactly(chunk);
                DropEntries(chunk.AsSpan(chunk.AsSpan().StartsWith(ExifName) ? ExifName.Length : 0));
                file.Position = at + 8;
                file.Write(chunk);
            }

            at += 8 + length + (length & 1);
        }
    }

    /// <summary>TIFF demands the entries: a proportion of 1:1, and the unit 1, none.</summary>
    private static void InTiff(FileStream file)
    {
        Span<byte> head = stackalloc byte[8], entry = stackalloc byte[EntryBytes];
        file.ReadExactly(head);
        // libvips writes the processor's order, which is this one everywhere.
        if (!head.StartsWith("II"u8))
            return;
        file.Position = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        file.ReadExactly(head[..2]);
        for (int left = BinaryPrimitives.ReadUInt16LittleEndian(head); left > 0; left--)
        {
            file.ReadExactly(entry);
            long next = file.Position;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(entry))
            {
                case UnitTag:
                    file.Position = next - 4;
                    file.Write([1, 0, 0, 0]);
                    break;
                case XTag or YTag:
                    file.Position = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
                    file.Write([1, 0, 0, 0, 1, 0, 0, 0]);
                    break;
            }

            file.Position = next;
        }
    }

    /// <summary>Removes resolution and unit from the first directory of an EXIF block; later entries move up.</summary>
    private static void DropEntries(Span<byte> exif)
    {
        if (exif.Length < 10)
            return;
        bool little = exif.StartsWith("II"u8);
        int at = (int)Number(exif[4..], 4, little);
        if (at < 8 || at + 2 > exif.Length)
            return;
        int count = (int)Number(exif[at..], 2, little), from = at + 2, end = from + EntryBytes * count + 4, to = from, kept = 0;
        if (end > exif.Length)
            return;
        for (int i = 0; i < count; i++, from += EntryBytes)
        {
            if (Number(exif[from..], 2, little) is XTag or YTag or UnitTag)
                continue;
            exif.Slice(from, EntryBytes).CopyTo(exif[to..]);
            (to, kept) = (to + EntryBytes, kept + 1);
        }

        // The offset of the next directory follows the last entry.
        exif.Slice(from, 4).CopyTo(exif[to..]);
        exif[(to + 4)..end].Clear();
        (exif[at], exif[at + 1]) = little ? ((byte)kept, (byte)(kept >> 8)) : ((byte)(kept >> 8), (byte)kept);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int length, bool little) => (length, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };

    /// <summary>The CRC of PNG 3, annex D.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) * 0xedb88320);
        }

        return ~sum;
    }
}
