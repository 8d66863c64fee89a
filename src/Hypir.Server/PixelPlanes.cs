using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypir.Protocol.Pixels;

namespace Hypir.Server;

/// <summary>Splits interleaved pixels into a color plane and an alpha plane, and joins them again, 16 bytes at a time.</summary>
internal static class PixelPlanes
{
    private const int Step = 4; // 4-byte pixels in 16 bytes
    private const int Lane = 16;
    private const byte None = 255; // a shuffle index that yields 0

    private static readonly Vector128<byte> AlphaOut = Indices(
        3, 7, 11, 15, None, None, None, None, None, None, None, None, None, None, None, None);
    private static readonly Vector128<byte> AlphaIn = Indices(
        None, None, None, 0, None, None, None, 1, None, None, None, 2, None, None, None, 3);

    /// <summary>Splits pixels.</summary>
    /// <param name="layout">The pixel layout.</param>
    /// <param name="pixels">Interleaved pixels.</param>
    /// <param name="rgb">Receives red, green, and blue.</param>
    /// <param name="alpha">Receives alpha; empty if the layout has none.</param>
    public static void Split(PixelLayout layout, ReadOnlySpan<byte> pixels, Span<byte> rgb, Span<byte> alpha)
    {
        switch (layout)
        {
            case PixelLayout.Bgra32:
                Split(pixels, rgb, alpha, 2, Indices(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, None, None, None, None));
                break;
            case PixelLayout.Rgba32:
                Split(pixels, rgb, alpha, 0, Indices(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, None, None, None, None));
                break;
            case PixelLayout.Rgba64:
                SplitWide(
                    MemoryMarshal.Cast<byte, ulong>(pixels),
                    MemoryMarshal.Cast<byte, ushort>(rgb),
                    MemoryMarshal.Cast<byte, ushort>(alpha)
                );
                break;
            default:
                pixels.CopyTo(rgb);
                break;
        }
    }

    /// <summary>Joins planes.</summary>
    /// <param name="layout">The pixel layout.</param>
    /// <param name="rgb">Red, green and blue.</param>
    /// <param name="alpha">Alpha; empty if the layout has none.</param>
    /// <param name="pixels">Receives interleaved pixels.</param>
    public static void Join(PixelLayout layout, ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> alpha, Span<byte> pixels)
    {
        switch (layout)
        {
            case PixelLayout.Bgra32:
                Join(rgb, alpha, pixels, 2, Indices(2, 1, 0, None, 5, 4, 3, None, 8, 7, 6, None, 11, 10, 9, None));
                break;
            case PixelLayout.Rgba32:
                Join(rgb, alpha, pixels, 0, Indices(0, 1, 2, None, 3, 4, 5, None, 6, 7, 8, None, 9, 10, 11, None));
                break;
            case PixelLayout.Rgba64:
                JoinWide(
                    MemoryMarshal.Cast<byte, ushort>(rgb),
                    MemoryMarshal.Cast<byte, ushort>(alpha),
                    MemoryMarshal.Cast<byte, ulong>(pixels)
                );
                break;
            default:
                rgb.CopyTo(pixels);
                break;
        }
    }

    private static void Split(ReadOnlySpan<byte> pixels, Span<byte> rgb, Span<byte> alpha, int red, Vector128<byte> colors)
    {
        int i = 0;
        // Each step writes 16 bytes of colors; the next step overwrites the last four.
        for (; (3 * i) + Lane <= rgb.Length; i += Step)
        {
            Vector128<byte> four = Vector128.Create(pixels.Slice(4 * i, Lane));
            Vector128.Shuffle(four, colors).CopyTo(rgb[(3 * i)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(alpha[i..], Vector128.Shuffle(four, AlphaOut).AsUInt32().ToScalar());
        }
        for (; i < alpha.Length; i++)
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2], alpha[i]) = (
                pixels[(4 * i) + red], pixels[(4 * i) + 1], pixels[(4 * i) + 2 - red], pixels[(4 * i) + 3]);
    }

    private static void Join(ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> alpha, Span<byte> pixels, int red, Vector128<byte> colors)
    {
        int i = 0;
        for (; (3 * i) + Lane <= rgb.Length; i += Step)
        {
            Vector128<byte> opacity = Vector128.Create(BinaryPrimitives.ReadUInt32LittleEndian(alpha[i..])).AsByte();
            (Vector128.Shuffle(Vector128.Create(rgb.Slice(3 * i, Lane)), colors) | Vector128.Shuffle(opacity, AlphaIn)).CopyTo(
                pixels[(4 * i)..]);
        }
        for (; i < alpha.Length; i++)
            (pixels[(4 * i) + red], pixels[(4 * i) + 1], pixels[(4 * i) + 2 - red], pixels[(4 * i) + 3]) = (
                rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2], alpha[i]);
    }

    private static void SplitWide(ReadOnlySpan<ulong> pixels, Span<ushort> rgb, Span<ushort> alpha)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            ulong pixel = pixels[i];
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2], alpha[i]) = (
                (ushort)pixel, (ushort)(pixel >> 16), (ushort)(pixel >> 32), (ushort)(pixel >> 48));
        }
    }

    private static void JoinWide(ReadOnlySpan<ushort> rgb, ReadOnlySpan<ushort> alpha, Span<ulong> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = rgb[3 * i] | ((ulong)rgb[(3 * i) + 1] << 16) | ((ulong)rgb[(3 * i) + 2] << 32) | ((ulong)alpha[i] << 48);
    }

    private static Vector128<byte> Indices(params ReadOnlySpan<byte> indices) => Vector128.Create(indices);
}
