using System.Buffers.Binary;
using Hypir.Imaging.Formats;

namespace Hypir.Imaging.Jpeg;

/// <summary>What a JPEG file announces before its first scan: the frame and the quantization tables (ITU T.81, B.2).</summary>
/// <param name="Width">Pixels in a row, as stored.</param>
/// <param name="Height">Rows, as stored.</param>
/// <param name="Components">The components, in the order of the frame.</param>
internal sealed record JpegHeader(int Width, int Height, IReadOnlyList<JpegHeader.Component> Components)
{
    private const int MostFactor = 4, MostTables = 4;

    /// <summary>The largest horizontal sampling factor.</summary>
    public int Across => Components.Max(component => component.Across);

    /// <summary>The largest vertical sampling factor.</summary>
    public int Down => Components.Max(component => component.Down);

    /// <summary>Pixels in a row of a unit of blocks that belong together.</summary>
    public int UnitWidth => 8 * Across;

    /// <summary>Rows of such a unit.</summary>
    public int UnitHeight => 8 * Down;

    /// <summary>Units in a row.</summary>
    public int Columns => (Width + UnitWidth - 1) / UnitWidth;

    /// <summary>Rows of units.</summary>
    public int Rows => (Height + UnitHeight - 1) / UnitHeight;

    /// <summary>Coefficients of all components.</summary>
    public long Coefficients => (long)Columns * Rows * BlockTransform.Size * Components.Sum(component => component.Across * component.Down);

    /// <summary>Reads the header of a file.</summary>
    /// <returns>
    /// The header of a gray or YCbCr file of 8 bits with Huffman coding; null for every other file, and for one that is damaged.
    /// </returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static JpegHeader? Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.ReadByte() != 0xff || file.ReadByte() != 0xd8)
            return null;
        var tables = new ushort[MostTables][];
        byte[]? frame = null;
        bool adobeColors = true;
        while (JpegRules.NextMarker(file) is { } marker)
        {
            if (Segment(file) is not { } segment)
                return null;
            switch (marker)
            {
                case 0xdb when !ReadTables(segment, tables):
                    return null;
                case 0xc0 or 0xc1 or 0xc2 when frame is null:
                    frame = segment;
                    break;
                case >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc):
                    return null;
                // Its transform: 0 leaves R, G and B as they are.
                case 0xee when segment.Length >= 12 && segment.AsSpan(0, 5).SequenceEqual("Adobe"u8):
                    adobeColors = segment[11] == 1;
                    break;
            }
        }

        return frame is not null && Frame(frame, tables) is { } header && (adobeColors || header.Components.Count == 1) ? header : null;
    }

    private static byte[]? Segment(FileStream file)
    {
        Span<byte> length = stackalloc byte[2];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return null;
        var segment = new byte[Math.Max(BinaryPrimitives.ReadUInt16BigEndian(length) - 2, 0)];
        return file.ReadAtLeast(segment, segment.Length, throwOnEndOfStream: false) == segment.Length ? segment : null;
    }

    private static bool ReadTables(ReadOnlySpan<byte> segment, ushort[][] tables)
    {
        while (segment.Length > 0)
        {
            int index = segment[0] & 15, bytes = segment[0] >> 4 == 0 ? 1 : 2;
            if (index >= MostTables || segment.Length < 1 + BlockTransform.Size * bytes)
                return false;
            var table = new ushort[BlockTransform.Size];
            for (int i = 0; i < table.Length; i++)
                table[ZigZag[i]] = bytes == 1 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * i)..]);
            if (table.Contains((ushort)0))
                return false;
            tables[index] = table;
            segment = segment[(1 + BlockTransform.Size * bytes)..];
        }

        return true;
    }

    private static JpegHeader? Frame(ReadOnlySpan<byte> frame, ushort[][] tables)
    {
        if (frame.Length < 6 || frame[0] != 8 || frame[5] is not (1 or 3) || frame.Length < 6 + 3 * frame[5])
            return null;
        var components = new Component[frame[5]];
        for (int i = 0; i < components.Length; i++)
        {
            (int id, int sampling, int table) = (frame[6 + 3 * i], frame[7 + 3 * i], frame[8 + 3 * i]);
            // libjpeg takes these letters for a file without a transform.
            bool rgb = components.Length == 3 && id == "RGB"[i];
            if (rgb || sampling >> 4 is 0 or > MostFactor || (sampling & 15) is 0 or > MostFactor || table >= MostTables
                || tables[table] is null)
                return null;
            // The only component of a file has no others to be aligned with.
            components[i] = components.Length == 1 ? new(1, 1, tables[table]) : new(sampling >> 4, sampling & 15, tables[table]);
        }

        var header = new JpegHeader(
            BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), components);
        bool whole = components.All(one => header.Across % one.Across == 0 && header.Down % one.Down == 0);
        return header is { Width: > 0, Height: > 0 } && whole ? header : null;
    }

    private static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>One component of a frame.</summary>
    /// <param name="Across">Horizontal sampling factor.</param>
    /// <param name="Down">Vertical sampling factor.</param>
    /// <param name="Steps">The 64 quantization steps, in natural order.</param>
    internal sealed record Component(int Across, int Down, ushort[] Steps);
}
