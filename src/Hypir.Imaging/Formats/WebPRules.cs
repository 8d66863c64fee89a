using System.Buffers.Binary;

namespace Hypir.Imaging.Formats;

/// <summary>What a WebP file's chunks say (RFC 9649).</summary>
internal static class WebPRules
{
    private const int FileHeader = 12, ChunkHeader = 8, FrameHeader = 16;

    /// <summary>Whether the file's first image is compressed without loss.</summary>
    internal static bool IsLossless(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[ChunkHeader];
        file.Position = FileHeader;
        while (file.ReadAtLeast(header, ChunkHeader, throwOnEndOfStream: false) == ChunkHeader)
        {
            if (header.StartsWith("VP8L"u8))
                return true;
            if (header.StartsWith("VP8 "u8))
                return false;
            // A frame of an animation has chunks of its own after its header. Chunks are padded to an even length.
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            file.Position += header.StartsWith("ANMF"u8) ? FrameHeader : length + (length & 1);
        }

        return false;
    }
}
