using System.Buffers.Binary;

namespace Hypir.Restoration.Images;

/// <summary>The size that a BMP file's header says.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct BmpHeader(long Width, long Height)
{
    private const int CoreSize = 12;

    /// <summary>Reads the header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PictureException">It ends within its header.</exception>
    internal static BmpHeader Read(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[26];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            throw new PictureException(path, "The file ends within its header.", "Get it again from its source.");
        if (BinaryPrimitives.ReadInt32LittleEndian(head[14..]) == CoreSize)
            return new(BinaryPrimitives.ReadUInt16LittleEndian(head[18..]), BinaryPrimitives.ReadUInt16LittleEndian(head[20..]));
        // A negative height says that rows go from the top; it fits a long after the sign is gone.
        return new(BinaryPrimitives.ReadInt32LittleEndian(head[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..])));
    }
}
