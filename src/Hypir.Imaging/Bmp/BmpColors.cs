using System.Buffers.Binary;
using Hypir.Imaging.Color;

namespace Hypir.Imaging.Bmp;

/// <summary>What BITMAPV4HEADER and BITMAPV5HEADER say about colors (Windows GDI reference).</summary>
internal static class BmpColors
{
    /// <summary>Sizes of the headers that may describe a color space, and embed a profile.</summary>
    internal const int HeaderWithSpace = 108, HeaderWithProfile = 124;

    private const int KindAt = 56, EndpointsAt = 60, GammaAt = 96, ProfileAt = 112, ProfileLengthAt = 116, FileHeader = 14;
    private const uint Calibrated = 0, Embedded = 0x4d424544;
    private const double SrgbGamma = 2.2, GammaTolerance = 0.03;

    /// <summary>Where in the file the embedded profile lies, and its length; zeros without one.</summary>
    internal static (long At, int Length) ProfilePlace(ReadOnlySpan<byte> header)
    {
        uint at = Number(header, ProfileAt), length = Number(header, ProfileLengthAt);
        return Number(header, KindAt) == Embedded && length <= int.MaxValue ? (FileHeader + (long)at, (int)length) : (0, 0);
    }

    /// <summary>The color space that the header describes; null if that is sRGB, or none.</summary>
    internal static RgbSpace? Space(ReadOnlySpan<byte> header)
    {
        if (Number(header, KindAt) != Calibrated)
            return null;
        // X, Y, Z of red, green, and blue, with 30 binary digits after the point; gamma of each, with 16.
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
