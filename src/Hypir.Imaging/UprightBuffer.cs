using System.Runtime.InteropServices;

namespace Hypir.Imaging;

/// <summary>
/// The buffers of an image while its file is decoded: rows arrive in stored order and are written where the orientation puts them, so that
/// rotating an image needs no second copy.
/// </summary>
internal sealed class UprightBuffer
{
    private readonly int _bitsPerSample;
    private readonly byte[] _rgb;
    private readonly byte[]? _alpha;

    // Position of stored pixel (x, y): _origin + x * _right + y * _down, in pixels.
    private readonly int _origin;
    private readonly int _right;
    private readonly int _down;

    /// <summary>Allocates the memory of an image.</summary>
    /// <param name="storedWidth">Pixels in a row of the file.</param>
    /// <param name="storedHeight">Rows of the file.</param>
    /// <param name="orientation">EXIF orientation, 1 to 8; 5 to 8 swap width and height.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <param name="hasAlpha">Whether the image has alpha.</param>
    internal UprightBuffer(int storedWidth, int storedHeight, int orientation, int bitsPerSample, bool hasAlpha)
    {
        _bitsPerSample = bitsPerSample;
        (Width, Height) = UprightSize(storedWidth, storedHeight, orientation);
        int lastX = Width - 1, lastRow = (Height - 1) * Width;
        (_origin, _right, _down) = orientation switch
        {
            2 => (lastX, -1, Width),
            3 => (lastRow + lastX, -1, -Width),
            4 => (lastRow, 1, -Width),
            5 => (0, Width, 1),
            6 => (lastX, Width, -1),
            7 => (lastRow + lastX, -Width, -1),
            8 => (lastRow, -Width, 1),
            _ => (0, 1, Width),
        };
        int plane = Width * Height * (bitsPerSample / 8);
        _rgb = GC.AllocateUninitializedArray<byte>(3 * plane);
        _alpha = hasAlpha ? GC.AllocateUninitializedArray<byte>(plane) : null;
    }

    /// <summary>Pixels in a row of the upright image.</summary>
    internal int Width { get; }

    /// <summary>Rows of the upright image.</summary>
    internal int Height { get; }

    /// <summary>The first three samples of each pixel.</summary>
    internal byte[] Rgb => _rgb;

    /// <summary>The fourth sample of each pixel, or null.</summary>
    internal byte[]? Alpha => _alpha;

    /// <summary>The size of an image after its orientation is applied.</summary>
    internal static (int Width, int Height) UprightSize(int storedWidth, int storedHeight, int orientation) =>
        orientation is >= 5 and <= 8 ? (storedHeight, storedWidth) : (storedWidth, storedHeight);

    /// <summary>Writes a rectangle of stored pixels.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="width">Its columns; the number of rows follows from the number of samples.</param>
    /// <param name="samples">Interleaved samples in native byte order.</param>
    /// <param name="bands">Samples per pixel: 3, or 4 with alpha (ignored if the image has none).</param>
    internal void Write(int left, int top, int width, ReadOnlySpan<byte> samples, int bands)
    {
        if (_bitsPerSample == 8)
            Scatter(left, top, width, samples, bands, _rgb.AsSpan(), _alpha.AsSpan());
        else
            Scatter(left, top, width, MemoryMarshal.Cast<byte, ushort>(samples), bands, Wide(_rgb), Wide(_alpha));

        static Span<ushort> Wide(byte[]? bytes) => MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
    }

    /// <summary>The image, once all rows are written. Alpha that is opaque everywhere is dropped.</summary>
    internal RasterImage ToImage(ImageMetadata metadata)
    {
        bool transparent = _alpha is not null && _alpha.AsSpan().ContainsAnyExcept((byte)0xff);
        return new RasterImage(Width, Height, _bitsPerSample, _rgb, transparent ? _alpha : null, metadata);
    }

    private void Scatter<T>(int left, int top, int width, ReadOnlySpan<T> samples, int bands, Span<T> rgb, Span<T> alpha)
    {
        int rowSamples = width * bands;
        for (int row = 0; row * rowSamples < samples.Length; row++)
        {
            var from = samples.Slice(row * rowSamples, rowSamples);
            int to = _origin + left * _right + (top + row) * _down;
            if (bands == 3 && _right == 1)
                from.CopyTo(rgb[(3 * to)..]);
            else
                ScatterRow(from, bands, to, rgb, alpha);
        }
    }

    private void ScatterRow<T>(ReadOnlySpan<T> from, int bands, int to, Span<T> rgb, Span<T> alpha)
    {
        for (int i = 0; i < from.Length; i += bands, to += _right)
        {
            rgb[3 * to] = from[i];
            rgb[3 * to + 1] = from[i + 1];
            rgb[3 * to + 2] = from[i + 2];
            if (!alpha.IsEmpty)
                alpha[to] = from[i + 3];
        }
    }
}
