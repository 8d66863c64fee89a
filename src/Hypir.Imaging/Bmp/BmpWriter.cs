using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypir.Imaging.Bmp;

/// <summary>
/// Writes BMP: 24 bits per pixel, 32 with alpha, bottom-up rows, sRGB (BITMAPV4HEADER of the Windows GDI reference).
/// </summary>
internal static class BmpWriter
{
    private const int FileHeader = 14, InfoHeader = 108, BitFields = 3;
    private const double MetresPerInch = 0.0254;
    private const uint SrgbColorSpace = 0x73524742;

    /// <summary>Writes a file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ImageException">The image needs more than 4 GiB.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static void Write(RasterImage image, string path, CancellationToken cancellation)
    {
        int bands = image.Alpha is null ? 3 : 4;
        int rowBytes = (bands * image.Width + 3) & ~3;
        using var file = File.Create(path);
        file.Write(Header(image, bands, rowBytes));
        byte[] row = new byte[rowBytes];
        for (int y = image.Height - 1; y >= 0; y--)
        {
            cancellation.ThrowIfCancellationRequested();
            FillRow(image, y, bands, row);
            file.Write(row);
        }
    }

    private static byte[] Header(RasterImage image, int bands, int rowBytes)
    {
        byte[] header = new byte[FileHeader + InfoHeader];
        long size = (long)rowBytes * image.Height;
        (header[0], header[1]) = ((byte)'B', (byte)'M');
        Put(2, checked((uint)(header.Length + size)));
        Put(10, (uint)header.Length);
        Put(14, InfoHeader);
        Put(18, (uint)image.Width);
        Put(22, (uint)image.Height);
        Put(26, 1 | (uint)bands * 8 << 16);
        Put(30, bands == 4 ? (uint)BitFields : 0);
        Put(34, (uint)size);
        if (image.Metadata.PixelsPerInch is { } density)
        {
            Put(38, (uint)Math.Round(density.X / MetresPerInch));
            Put(42, (uint)Math.Round(density.Y / MetresPerInch));
        }
        if (bands == 4)
        {
            Put(54, 0x00ff0000);
            Put(58, 0x0000ff00);
            Put(62, 0x000000ff);
            Put(66, 0xff000000);
        }
        Put(70, SrgbColorSpace);
        return header;

        void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), value);
    }

    private static void FillRow(RasterImage image, int y, int bands, byte[] row)
    {
        int first = y * image.Width;
        var rgb16 = image.BitsPerSample == 16 ? MemoryMarshal.Cast<byte, ushort>(image.Rgb) : default;
        var alpha16 = image.BitsPerSample == 16 ? MemoryMarshal.Cast<byte, ushort>(image.Alpha) : default;
        for (int x = 0; x < image.Width; x++)
        {
            int pixel = first + x;
            for (int c = 0; c < 3; c++)
                row[x * bands + 2 - c] = rgb16.IsEmpty ? image.Rgb[3 * pixel + c] : Round(rgb16[3 * pixel + c]);
            if (bands == 4)
                row[x * bands + 3] = alpha16.IsEmpty ? image.Alpha![pixel] : Round(alpha16[pixel]);
        }
    }

    // 65535 = 257 * 255.
    private static byte Round(ushort sample) => (byte)((sample + 128) / 257);
}
