using System.Buffers.Binary;
using Hypir.Imaging.Color;

namespace Hypir.Imaging.Bmp;

/// <summary>The headers of a BMP file, from OS/2's to BITMAPV5HEADER (Windows GDI reference, "Bitmap Storage").</summary>
internal sealed record BmpHeader
{
    private const int FileHeader = 14, CoreHeader = 12, InfoHeader = 40, MasksInHeader = 52;

    /// <summary>Pixels in a row.</summary>
    internal required long Width { get; init; }

    /// <summary>Rows.</summary>
    internal required long Height { get; init; }

    /// <summary>Whether the rows are stored top to bottom.</summary>
    internal bool TopDown { get; private init; }

    /// <summary>Bits per pixel: 1, 2, 4, 8, 16, 24 or 32.</summary>
    internal required int Bits { get; init; }

    /// <summary>Whether pixels are stored as runs of equal indices (BI_RLE8, BI_RLE4), not row after row.</summary>
    internal bool RunLengths { get; private init; }

    /// <summary>The red, green, blue and alpha masks of a 16- or 32-bit pixel; alpha is 0 if there is none.</summary>
    internal uint[] Masks { get; private init; } = [];

    /// <summary>B, G, R of each index of an image of 8 bits or fewer; black for indices beyond the file's palette.</summary>
    internal byte[] Palette { get; private init; } = [];

    /// <summary>Where pixels start.</summary>
    internal required long PixelsAt { get; init; }

    /// <summary>Pixels per meter, horizontal and vertical; 0 if the file does not say.</summary>
    internal (int X, int Y) PixelsPerMetre { get; private init; }

    /// <summary>Offset and length of the ICC profile; both 0 if there is none.</summary>
    internal (long At, int Length) Profile { get; private init; }

    /// <summary>The color space that the header describes numerically; null if it describes none.</summary>
    internal RgbSpace? Space { get; private init; }

    /// <summary>Bytes of an uncompressed row, padded to a multiple of four.</summary>
    internal long RowBytes => (Width * Bits + 31) / 32 * 4;

    /// <summary>Reads the headers of a file.</summary>
    /// <exception cref="ImageException">The file ends within the headers, or is of an unsupported kind.</exception>
    internal static BmpHeader Read(string path, Stream file)
    {
        byte[] bytes = new byte[(int)Math.Min(file.Length, FileHeader + 124 + 16 + 4 * 256)];
        file.ReadExactly(bytes);
        // Bytes beyond the end read as zero; the length check catches that.
        Array.Resize(ref bytes, FileHeader + 124 + 16 + 4 * 256);
        int size = Number(FileHeader);
        bool core = size == CoreHeader;
        int bits = core ? Short(FileHeader + 10) : Short(FileHeader + 14);
        int compression = core ? 0 : size < 20 ? 0 : Number(FileHeader + 16);
        if (file.Length < FileHeader + size)
            throw new ImageException(path, "The file ends within its header.", "Get it again from its source.");
        if (!IsKnown(bits, compression, size))
            throw new ImageException(
                path, $"Bitmaps of {bits} bits and compression {compression} are not supported.", "Convert it to PNG.");
        bool masksFollow = size == InfoHeader && compression is 3 or 6;
        int paletteAt = FileHeader + size + (masksFollow ? compression == 3 ? 12 : 16 : 0);
        // A negative height means top-down rows; a long holds its absolute value in all cases.
        long height = core ? (ushort)Short(FileHeader + 6) : Number(FileHeader + 8);
        return new BmpHeader
        {
            Width = core ? (ushort)Short(FileHeader + 4) : Number(FileHeader + 4),
            Height = Math.Abs(height),
            TopDown = height < 0,
            Bits = bits,
            RunLengths = compression is 1 or 2,
            Masks = bits is 16 or 32 ? PixelMasks() : [],
            Palette = bits <= 8 ? ReadPalette() : [],
            PixelsAt = (uint)Number(10),
            Profile = size == BmpColors.HeaderWithProfile ? BmpColors.ProfilePlace(bytes.AsSpan(FileHeader)) : (0, 0),
            Space = size >= BmpColors.HeaderWithSpace ? BmpColors.Space(bytes.AsSpan(FileHeader)) : null,
            PixelsPerMetre = size >= InfoHeader ? (Math.Max(0, Number(FileHeader + 24)), Math.Max(0, Number(FileHeader + 28))) : (0, 0),
        };

        int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        short Short(int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));

        uint[] PixelMasks()
        {
            if (compression is not (3 or 6))
                return bits == 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
            bool alpha = compression == 6 || size > MasksInHeader;
            return [.. Enumerable.Range(0, 4).Select(i => i < 3 || alpha ? (uint)Number(FileHeader + InfoHeader + 4 * i) : 0)];
        }

        byte[] ReadPalette()
        {
            int stride = core ? 3 : 4, used = size >= InfoHeader ? Number(FileHeader + 32) : 0, most = 1 << bits;
            byte[] palette = new byte[3 * most];
            for (int i = 0; i < (used is > 0 && used < most ? used : most); i++)
                bytes.AsSpan(paletteAt + i * stride, 3).CopyTo(palette.AsSpan(3 * i));
            return palette;
        }
    }

    // From 3 on, OS/2 numbers its compressions differently.
    private static bool IsKnown(int bits, int compression, int size) => compression switch
    {
        0 => bits is 1 or 2 or 4 or 8 or 16 or 24 or 32,
        1 => bits == 8,
        2 => bits == 4,
        3 or 6 => bits is 16 or 32 && size is not (16 or 64),
        _ => false,
    };
}

/// <summary>The color fields of BITMAPV4HEADER and BITMAPV5HEADER (Windows GDI reference).</summary>
internal static class BmpColors
{
    /// <summary>Sizes of the headers that can describe a color space, and that can embed a profile.</summary>
    internal const int HeaderWithSpace = 108, HeaderWithProfile = 124;

    private const int KindAt = 56, EndpointsAt = 60, GammaAt = 96, ProfileAt = 112, ProfileLengthAt = 116, FileHeader = 14;
    private const uint Calibrated = 0, Embedded = 0x4d424544;
    private const double SrgbGamma = 2.2, GammaTolerance = 0.03;

    /// <summary>Offset and length of the embedded profile; zeros if there is none.</summary>
    internal static (long At, int Length) ProfilePlace(ReadOnlySpan<byte> header)
    {
        uint at = Number(header, ProfileAt), length = Number(header, ProfileLengthAt);
        return Number(header, KindAt) == Embedded && length <= int.MaxValue ? (FileHeader + (long)at, (int)length) : (0, 0);
    }

    /// <summary>The color space that the header describes; null if it describes sRGB or nothing.</summary>
    internal static RgbSpace? Space(ReadOnlySpan<byte> header)
    {
        if (Number(header, KindAt) != Calibrated)
            return null;
        // X, Y, Z of red, green and blue as fixed-point numbers with 30 fractional bits; the gammas with 16.
        double[] xyz = new double[9];
        for (int i = 0; i < xyz.Length; i++)
            xyz[i] = Number(header, EndpointsAt + 4 * i) / (double)(1 << 30);
        double gamma = Number(header, GammaAt) / 65536.0;
        double[] white = [xyz[0] + xyz[3] + xyz[6], xyz[1] + xyz[4] + xyz[7], xyz[2] + xyz[5] + xyz[8]];
        if (gamma is < 0.1 or > 10 || white.Any(part => part <= 0))
            return null;
        var curve = Math.Abs(gamma - SrgbGamma) < GammaTolerance ? TransferCurve.Srgb : new TransferCurve(gamma);
        var space = new RgbSpace("BMP header", Point(xyz[..3]), Point(xyz[3..6]), Point(xyz[6..]), Point(white), curve);
        return curve == TransferCurve.Srgb && space.HasPrimariesOf(RgbSpace.Srgb) ? null : space;
    }

    private static Chromaticity Point(double[] xyz) => new(xyz[0] / xyz.Sum(), xyz[1] / xyz.Sum());

    private static uint Number(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);
}
