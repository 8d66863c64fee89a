using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Hypir.Imaging.Tests;

/// <summary>Writes PNG files with any chunks.</summary>
internal static class PngBuilder
{
    /// <summary>A file with chunks between its header and its pixels.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bits">Bits per sample.</param>
    /// <param name="kind">The color type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha.</param>
    /// <param name="samples">The rows, big endian, without filter bytes.</param>
    /// <param name="chunks">Further chunks.</param>
    internal static byte[] Build(int width, int height, int bits, int kind, byte[] samples, params byte[][] chunks)
    {
        byte[] rows = [.. samples.Chunk(samples.Length / height).SelectMany(row => row.Prepend((byte)0))];
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", [.. Number(width), .. Number(height), (byte)bits, (byte)kind, 0, 0, 0]),
            .. chunks.SelectMany(chunk => chunk), .. Chunk("IDAT", Deflated(rows)), .. Chunk("IEND", []),
        ];
    }

    internal static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data], checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Mutation.Crc32(body));
        return [.. Number(data.Length), .. body, .. checksum];
    }

    /// <summary>A chunk of 32-bit numbers.</summary>
    internal static byte[] Numbers(string name, params int[] numbers) => Chunk(name, [.. numbers.SelectMany(Number)]);

    /// <summary>A chunk of compressed text.</summary>
    internal static byte[] CompressedText(string keyword, byte[] text) =>
        Chunk("zTXt", [.. Encoding.Latin1.GetBytes(keyword), 0, 0, .. Deflated(text)]);

    internal static byte[] Deflated(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflater = new ZLibStream(stream, CompressionLevel.Fastest))
            deflater.Write(bytes);
        return stream.ToArray();
    }

    private static byte[] Number(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
