using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Protocol.Pixels;

namespace Hypir.Engine.Restoring;

/// <summary>Images as an engine's pixels, and back.</summary>
internal static class EnginePixels
{
    /// <summary>The layout that holds all samples of an image.</summary>
    public static PixelLayout LayoutOf(RasterImage image) => (image.BitsPerSample, image.Alpha) switch
    {
        (8, null) => PixelLayout.Rgb24,
        (8, _) => PixelLayout.Rgba32,
        (_, null) => PixelLayout.Rgb48,
        _ => PixelLayout.Rgba64,
    };

    /// <summary>The rows of an image.</summary>
    public static RowReader Of(RasterImage image)
    {
        int sample = image.BitsPerSample / 8, pixel = (image.Alpha is null ? 3 : 4) * sample, row = image.Width * pixel;
        return (first, rows) =>
        {
            if (image.Alpha is not { } alpha)
            {
                image.Rgb.AsSpan(first * row, rows.Length).CopyTo(rows);
                return;
            }

            for (int i = first * image.Width, at = 0; at < rows.Length; i++, at += pixel)
            {
                image.Rgb.AsSpan(3 * sample * i, 3 * sample).CopyTo(rows[at..]);
                alpha.AsSpan(sample * i, sample).CopyTo(rows[(at + 3 * sample)..]);
            }
        };
    }

    /// <summary>The rows of a mask.</summary>
    public static RowReader Of(ImageMask mask) => (first, rows) => mask.Shares.AsSpan(first * mask.Width, rows.Length).CopyTo(rows);

    /// <summary>Reads a result's map.</summary>
    public static ImageMask ReadMap(RestoredPixels pixels, CancellationToken cancellation)
    {
        var shares = new byte[pixels.Width * pixels.Height];
        pixels.ReadMap((first, rows) => rows.CopyTo(shares.AsSpan(first * pixels.Width)), cancellation);
        return new(pixels.Width, pixels.Height, shares);
    }

    /// <summary>Reads a result, with the input's depth and metadata.</summary>
    /// <param name="pixels">The result.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    public static RasterImage Read(RestoredPixels pixels, RasterImage input, CancellationToken cancellation)
    {
        int sample = input.BitsPerSample / 8, pixel = (input.Alpha is null ? 3 : 4) * sample;
        long count = (long)pixels.Width * pixels.Height;
        var rgb = new byte[3 * sample * count];
        byte[]? alpha = input.Alpha is null ? null : new byte[sample * count];
        pixels.Read(
            (first, rows) =>
            {
                if (alpha is null)
                {
                    rows.CopyTo(rgb.AsSpan(first * pixels.Width * pixel));
                    return;
                }

                for (int i = first * pixels.Width, at = 0; at < rows.Length; i++, at += pixel)
                {
                    rows.Slice(at, 3 * sample).CopyTo(rgb.AsSpan(3 * sample * i));
                    rows.Slice(at + 3 * sample, sample).CopyTo(alpha.AsSpan(sample * i));
                }
            },
            cancellation);
        return new(pixels.Width, pixels.Height, input.BitsPerSample, rgb, alpha, input.Metadata with { Jpeg = null });
    }
}
