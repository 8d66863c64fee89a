using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Protocol.Pixels;

namespace Hypir.Ui.Work;

/// <summary>Images as the engine's protocol has them.</summary>
internal static class EnginePixels
{
    /// <summary>The layout that holds an image without loss.</summary>
    public static PixelLayout LayoutOf(RasterImage image) => (image.BitsPerSample, image.Alpha) switch
    {
        (8, null) => PixelLayout.Rgb24,
        (8, _) => PixelLayout.Rgba32,
        (_, null) => PixelLayout.Rgb48,
        _ => PixelLayout.Rgba64,
    };

    /// <summary>Gives an image's rows.</summary>
    public static RowReader RowsOf(RasterImage image)
    {
        int sample = image.BitsPerSample / 8, colorRow = 3 * image.Width * sample, alphaRow = image.Width * sample;
        return (first, rows) =>
        {
            if (image.Alpha is null)
                image.Rgb.AsSpan((int)((long)first * colorRow), rows.Length).CopyTo(rows);
            else if (sample == 1)
                Join<byte>(image.Rgb.AsSpan((int)((long)first * colorRow)), image.Alpha.AsSpan((int)((long)first * alphaRow)), rows);
            else
                Join(
                    MemoryMarshal.Cast<byte, ushort>(image.Rgb.AsSpan((int)((long)first * colorRow))),
                    MemoryMarshal.Cast<byte, ushort>(image.Alpha.AsSpan((int)((long)first * alphaRow))),
                    MemoryMarshal.Cast<byte, ushort>(rows));
        };
    }

    /// <summary>Gives a mask's rows.</summary>
    public static RowReader RowsOf(ImageMask mask) => (first, rows) => mask.Shares.AsSpan(first * mask.Width, rows.Length).CopyTo(rows);

    /// <summary>Reads a result's map.</summary>
    /// <param name="pixels">The result.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="Protocol.Messages.EngineException">The map is missing or damaged.</exception>
    public static ImageMask ReadMap(RestoredPixels pixels, CancellationToken cancellation)
    {
        byte[] shares = GC.AllocateUninitializedArray<byte>(pixels.Width * pixels.Height);
        pixels.ReadMap((first, rows) => rows.CopyTo(shares.AsSpan(first * pixels.Width)), cancellation);
        return new(pixels.Width, pixels.Height, shares);
    }

    /// <summary>Reads a result.</summary>
    /// <param name="pixels">The result.</param>
    /// <param name="metadata">The metadata of the input.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="Protocol.Messages.EngineException">The result is missing or damaged.</exception>
    public static RasterImage Read(RestoredPixels pixels, ImageMetadata metadata, CancellationToken cancellation)
    {
        PixelLayout layout = pixels.Result.Layout;
        int bits = layout.BitsPerSample(), sample = bits / 8, colorRow = 3 * pixels.Width * sample, alphaRow = pixels.Width * sample;
        byte[] rgb = GC.AllocateUninitializedArray<byte>(checked(colorRow * pixels.Height));
        byte[]? alpha = layout.HasAlpha() ? GC.AllocateUninitializedArray<byte>(alphaRow * pixels.Height) : null;
        pixels.Read(
            (first, rows) =>
            {
                if (alpha is null)
                    rows.CopyTo(rgb.AsSpan(first * colorRow));
                else if (sample == 1)
                    Split<byte>(rows, rgb.AsSpan(first * colorRow), alpha.AsSpan(first * alphaRow));
                else
                    Split(
                        MemoryMarshal.Cast<byte, ushort>(rows), MemoryMarshal.Cast<byte, ushort>(rgb.AsSpan(first * colorRow)),
                        MemoryMarshal.Cast<byte, ushort>(alpha.AsSpan(first * alphaRow)));
            },
            cancellation);
        return new(pixels.Width, pixels.Height, bits, rgb, alpha, metadata);
    }

    private static void Join<T>(ReadOnlySpan<T> rgb, ReadOnlySpan<T> alpha, Span<T> rows)
    {
        for (int i = 0; i < rows.Length / 4; i++)
        {
            rgb.Slice(3 * i, 3).CopyTo(rows[(4 * i)..]);
            rows[(4 * i) + 3] = alpha[i];
        }
    }

    private static void Split<T>(ReadOnlySpan<T> rows, Span<T> rgb, Span<T> alpha)
    {
        for (int i = 0; i < rows.Length / 4; i++)
        {
            rows.Slice(4 * i, 3).CopyTo(rgb[(3 * i)..]);
            alpha[i] = rows[(4 * i) + 3];
        }
    }
}
