using Hypir.Imaging;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Server;

/// <summary>Converts pixel files to images and back, each in a single pass over memory.</summary>
internal static class ImagePixels
{
    /// <summary>Reads a pixel file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The header that the request announced.</param>
    /// <param name="spare">Reusable memory.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">The file is missing, damaged, or does not match the request.</exception>
    public static RasterImage Read(string path, PixelHeader expected, SparePlanes spare, CancellationToken cancellation)
    {
        byte[] rgb = [], alpha = [];
        try
        {
            PixelFile.Read(
                path,
                header =>
                {
                    if (header != expected)
                        throw new InvalidDataException(
                            $"It holds {header.Width}x{header.Height} pixels ({header.Layout}); the request says "
                                + $"{expected.Width}x{expected.Height} ({expected.Layout})."
                        );
                    // Allocate only now that the file is known to be as large as its header claims.
                    (int colorRow, int alphaRow) = RowBytes(header);
                    (rgb, alpha) = spare.Take(colorRow * header.Height, alphaRow * header.Height);
                    return (row, bytes) =>
                    {
                        int rows = bytes.Length / header.RowBytes;
                        PixelPlanes.Split(
                            header.Layout, bytes, rgb.AsSpan(row * colorRow, rows * colorRow),
                            alpha.AsSpan(row * alphaRow, rows * alphaRow));
                    };
                },
                cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineError.BadPixels, $"The pixel file cannot be used: {failure.Message}", new("Send the image again."), failure);
        }
        return new RasterImage(
            expected.Width, expected.Height, expected.Layout.BitsPerSample(), rgb, expected.Layout.HasAlpha() ? alpha : null);
    }

    /// <summary>Reads a mask.</summary>
    /// <param name="path">A pixel file in layout <see cref="PixelLayout.Gray8"/>.</param>
    /// <param name="width">Pixels in a row of the requested area.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">The file is missing, damaged, or has another size or layout.</exception>
    public static ImageMask ReadMask(string path, int width, int height, CancellationToken cancellation)
    {
        byte[] shares = [];
        try
        {
            PixelFile.Read(
                path,
                header =>
                {
                    if (header != new PixelHeader(PixelLayout.Gray8, width, height))
                        throw new InvalidDataException(
                            $"It has {header.Width}x{header.Height} pixels ({header.Layout}); the area has {width}x{height} (Gray8).");
                    shares = GC.AllocateUninitializedArray<byte>(width * height);
                    return (row, bytes) => bytes.CopyTo(shares.AsSpan(row * width));
                },
                cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineError.BadPixels, $"The mask's pixel file cannot be used: {failure.Message}", new("Send it again.", "mask"), failure);
        }

        return new(width, height, shares);
    }

    /// <summary>Writes an image to a pixel file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">Whether to overwrite an existing file.</param>
    /// <param name="image">The image; it has alpha if the layout does.</param>
    /// <param name="layout">The pixel layout to write.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">The file cannot be written.</exception>
    public static void Write(string path, bool replace, RasterImage image, PixelLayout layout, CancellationToken cancellation)
    {
        var header = new PixelHeader(layout, image.Width, image.Height);
        (int colorRow, int alphaRow) = RowBytes(header);
        Write(path, replace, header, Join, cancellation);

        void Join(int row, Span<byte> bytes)
        {
            int rows = bytes.Length / header.RowBytes;
            PixelPlanes.Join(
                layout, image.Rgb.AsSpan(row * colorRow, rows * colorRow),
                (image.Alpha ?? []).AsSpan(row * alphaRow, rows * alphaRow), bytes);
        }
    }

    /// <summary>Writes a map to a new pixel file.</summary>
    /// <inheritdoc cref="Write(string, bool, RasterImage, PixelLayout, CancellationToken)"/>
    public static void Write(string path, ImageMask map, CancellationToken cancellation) => Write(
        path, false, new(PixelLayout.Gray8, map.Width, map.Height),
        (row, bytes) => map.Shares.AsSpan(row * map.Width, bytes.Length).CopyTo(bytes), cancellation);

    private static void Write(string path, bool replace, PixelHeader header, RowReader rows, CancellationToken cancellation)
    {
        try
        {
            if (replace)
                PixelFile.Replace(path, header, rows, cancellation);
            else
                PixelFile.Write(path, header, rows, cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.CannotWrite, $"The result cannot be handed over: {failure.Message}",
                new($"Free some space on the disk of {Path.GetDirectoryName(path)}."), failure);
        }
    }

    private static (int Colors, int Alpha) RowBytes(PixelHeader header)
    {
        int sample = header.Width * (header.Layout.BitsPerSample() / 8);
        return (3 * sample, header.Layout.HasAlpha() ? sample : 0);
    }
}

/// <summary>
/// Recycles a job's input buffers for the next job of the same size, which is typical while a user tries settings: allocating fresh memory
/// takes longer than copying the pixels. The references are weak, so a garbage collection reclaims the memory.
/// </summary>
internal sealed class SparePlanes
{
    private WeakReference<byte[]>? _rgb, _alpha;

    /// <summary>Buffers for colors and alpha, with stale contents.</summary>
    public (byte[] Rgb, byte[] Alpha) Take(int rgb, int alpha)
    {
        var taken = (Take(_rgb, rgb), Take(_alpha, alpha));
        (_rgb, _alpha) = (null, null);
        return taken;
    }

    /// <summary>Takes over the buffers of an image that is no longer used.</summary>
    public void Keep(RasterImage image) => (_rgb, _alpha) = (new(image.Rgb), image.Alpha is null ? null : new(image.Alpha));

    private static byte[] Take(WeakReference<byte[]>? spare, int length) =>
        spare is not null && spare.TryGetTarget(out byte[]? bytes) && bytes.Length == length
            ? bytes
            : GC.AllocateUninitializedArray<byte>(length);
}
