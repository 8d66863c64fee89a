using System.Buffers.Binary;

namespace Hypir.Protocol.Pixels;

/// <summary>The header of a pixel file: 64 bytes, numbers little-endian, unspecified bytes zero.</summary>
/// <remarks>
/// 0: the eight letters HYPIRPIX; 8: version (4 bytes, 1); 12: bytes of the header (4, 64); 16: layout (4); 20: width (4); 24: height (4);
/// 32: bytes of the pixels (8). The pixels follow, and the file ends with them.
/// </remarks>
/// <param name="Layout">The pixel layout.</param>
/// <param name="Width">Pixels in a row, 1 … 2^20.</param>
/// <param name="Height">Rows, 1 … 2^20.</param>
public readonly record struct PixelHeader(PixelLayout Layout, int Width, int Height)
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 64;

    /// <summary>The longest side.</summary>
    public const int LargestSide = 1 << 20;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "HYPIRPIX"u8;

    /// <summary>Bytes of a row.</summary>
    public int RowBytes => Width * Layout.BytesPerPixel();

    /// <summary>Bytes of the pixels.</summary>
    public long DataBytes => (long)RowBytes * Height;

    /// <summary>Writes the header.</summary>
    /// <param name="target">At least <see cref="Bytes"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], (uint)Layout);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], (uint)Width);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], (uint)Height);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], (ulong)DataBytes);
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="source">The first bytes of the file.</param>
    /// <param name="fileBytes">Bytes of the whole file.</param>
    /// <exception cref="InvalidDataException">It is not a pixel file, has another version, or its sizes are inconsistent.</exception>
    public static PixelHeader Read(ReadOnlySpan<byte> source, long fileBytes)
    {
        if (source.Length < Bytes || !source[..Magic.Length].SequenceEqual(Magic))
            throw new InvalidDataException("It is not a pixel file.");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        if (version != Version || BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) != Bytes)
            throw new InvalidDataException($"It is a pixel file of version {version}; only version {Version} is supported.");
        uint layout = BinaryPrimitives.ReadUInt32LittleEndian(source[16..]);
        uint width = BinaryPrimitives.ReadUInt32LittleEndian(source[20..]), height = BinaryPrimitives.ReadUInt32LittleEndian(source[24..]);
        if (!Enum.IsDefined((PixelLayout)layout) || width is 0 or > LargestSide || height is 0 or > LargestSide)
            throw new InvalidDataException($"Its header states {width}x{height} pixels in layout {layout}.");
        var header = new PixelHeader((PixelLayout)layout, (int)width, (int)height);
        ulong data = BinaryPrimitives.ReadUInt64LittleEndian(source[32..]);
        if (data != (ulong)header.DataBytes || fileBytes != Bytes + header.DataBytes)
            throw new InvalidDataException(
                $"{width}x{height} pixels need {header.DataBytes} bytes; its header states {data}, and it has {fileBytes - Bytes}.");
        return header;
    }
}

/// <summary>
/// The pixel layout of a pixel file: rows top to bottom without padding, interleaved samples, straight (not premultiplied) alpha.
/// </summary>
public enum PixelLayout
{
    /// <summary>8 bits each: red, green, blue.</summary>
    Rgb24 = 1,

    /// <summary>8 bits each: red, green, blue, alpha.</summary>
    Rgba32 = 2,

    /// <summary>8 bits each: blue, green, red, alpha, as in Paint.NET's surfaces.</summary>
    Bgra32 = 3,

    /// <summary>16 bits each, little-endian: red, green, blue.</summary>
    Rgb48 = 4,

    /// <summary>16 bits each, little-endian: red, green, blue, alpha.</summary>
    Rgba64 = 5,

    /// <summary>8 bits: a mask. Images do not have this layout.</summary>
    Gray8 = 6,
}

/// <summary>Properties of layouts.</summary>
public static class PixelLayouts
{
    /// <summary>Bytes of one pixel.</summary>
    /// <param name="layout">A layout.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layout is invalid.</exception>
    public static int BytesPerPixel(this PixelLayout layout) => layout switch
    {
        PixelLayout.Gray8 => 1,
        PixelLayout.Rgb24 => 3,
        PixelLayout.Rgba32 or PixelLayout.Bgra32 => 4,
        PixelLayout.Rgb48 => 6,
        PixelLayout.Rgba64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "This is no layout."),
    };

    /// <summary>8 or 16.</summary>
    /// <param name="layout">A layout.</param>
    public static int BitsPerSample(this PixelLayout layout) => layout is PixelLayout.Rgb48 or PixelLayout.Rgba64 ? 16 : 8;

    /// <summary>Whether the layout has alpha.</summary>
    /// <param name="layout">A layout.</param>
    public static bool HasAlpha(this PixelLayout layout) => layout is PixelLayout.Rgba32 or PixelLayout.Bgra32 or PixelLayout.Rgba64;
}
