using Hypir.Imaging;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Server;

/// <summary>Turns pixel files into images and back, with one pass over the memory each.</summary>
internal static class ImagePixels
{
    /// <summary>Reads a pixel file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the request says.</param>
    /// <param name="spare">Memory that can be used.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">It is missing, damaged, or another image.</exception>
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
                            $"It holds {header.Width}x{header.Height} pixels ({header.Layout}); the request says {expected.Width}x{expected.Height} ({expected.Layout})."
                        );
                    // Memory is taken only now: the file has proved to be as large as it says.
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

    /// <summary>Writes an image to a pixel file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">Whether it is there and is written over.</param>
    /// <param name="image">The image; it has alpha where the layout has.</param>
    /// <param name="layout">How the pixels are to lie.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">It cannot be written.</exception>
    public static void Write(string path, bool replace, RasterImage image, PixelLayout layout, CancellationToken cancellation)
    {
        var header = new PixelHeader(layout, image.Width, image.Height);
        (int colorRow, int alphaRow) = RowBytes(header);
        try
        {
            if (replace)
                PixelFile.Replace(path, header, Join, cancellation);
            else
                PixelFile.Write(path, header, Join, cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.CannotWrite, $"The result cannot be handed over: {failure.Message}",
                new($"Make room on the disk of {Path.GetDirectoryName(path)}."), failure);
        }

        void Join(int row, Span<byte> bytes)
        {
            int rows = bytes.Length / header.RowBytes;
            PixelPlanes.Join(
                layout, image.Rgb.AsSpan(row * colorRow, rows * colorRow),
                (image.Alpha ?? []).AsSpan(row * alphaRow, rows * alphaRow), bytes);
        }
    }

    private static (int Colors, int Alpha) RowBytes(PixelHeader header)
    {
        int sample = header.Width * (header.Layout.BitsPerSample() / 8);
        return (3 * sample, header.Layout.HasAlpha() ? sample : 0);
    }
}

/// <summary>
/// The memory of a job's input, for the next job of the same size, as a person who tries settings sends it: fresh memory costs more time
/// than the pixels. The runtime takes it back whenever it collects; so it is never held against anybody.
/// </summary>
internal sealed class SparePlanes
{
    private WeakReference<byte[]>? _rgb, _alpha;

    /// <summary>Memory for colors and for alpha; what it holds is old.</summary>
    public (byte[] Rgb, byte[] Alpha) Take(int rgb, int alpha)
    {
        var taken = (Take(_rgb, rgb), Take(_alpha, alpha));
        (_rgb, _alpha) = (null, null);
        return taken;
    }

    /// <summary>Takes over the memory of an image that nobody uses any more.</summary>
    public void Keep(RasterImage image) => (_rgb, _alpha) = (new(image.Rgb), image.Alpha is null ? null : new(image.Alpha));

    private static byte[] Take(WeakReference<byte[]>? spare, int length) =>
        spare is not null && spare.TryGetTarget(out byte[]? bytes) && bytes.Length == length
            ? bytes
            : GC.AllocateUninitializedArray<byte>(length);
}
