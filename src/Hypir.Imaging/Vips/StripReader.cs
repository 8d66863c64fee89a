using Hypir.Imaging.Color;
using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>
/// Reads an image top to bottom in strips, into one buffer. All rows come through one region: libvips' own loops discard at strip
/// boundaries the rows that a decoder keeps for the next strip, and cannot be stopped midway.
/// </summary>
internal sealed class StripReader : IDisposable
{
    private const int StripBytes = 4 << 20;

    // Arrays below this size stay off the large object heap, where garbage lives long.
    private const int PieceBytes = 80_000;

    private readonly Image _image;
    private readonly Region _region;
    private readonly int _pixelBytes;
    private readonly int _stripRows;
    private readonly byte[] _strip;
    private int _top;

    /// <summary>Starts above the first row.</summary>
    /// <param name="image">An image of 8 or 16 bits; the caller keeps ownership.</param>
    internal StripReader(Image image)
    {
        _image = image;
        _region = Region.New(image);
        _pixelBytes = image.Bands * (image.Format == Enums.BandFormat.Ushort ? 2 : 1);
        int rowBytes = checked(image.Width * _pixelBytes);
        _stripRows = Math.Clamp(StripBytes / rowBytes, 1, image.Height);
        _strip = new byte[checked(_stripRows * rowBytes)];
    }

    /// <summary>A strip of rows.</summary>
    /// <param name="Top">The first row.</param>
    /// <param name="Rows">The number of rows.</param>
    /// <param name="Samples">The samples, in the image's layout; valid, and free to modify, until the next strip.</param>
    internal sealed record Strip(int Top, int Rows, Memory<byte> Samples);

    /// <summary>Reads the next rows; null after the last.</summary>
    /// <exception cref="VipsException">The file is damaged.</exception>
    internal Strip? Next()
    {
        if (_top == _image.Height)
            return null;
        int top = _top, rows = Math.Min(_stripRows, _image.Height - top);
        int columns = Math.Min(_image.Width, PieceBytes / _pixelBytes), pieceRows = Math.Max(1, PieceBytes / _pixelBytes / _image.Width);
        for (int y = 0; y < rows; y += pieceRows)
        {
            for (int x = 0; x < _image.Width; x += columns)
                Fetch(x, y, Math.Min(columns, _image.Width - x), Math.Min(pieceRows, rows - y));
        }
        _top += rows;
        return new Strip(top, rows, _strip.AsMemory(0, rows * _image.Width * _pixelBytes));
    }

    /// <inheritdoc/>
    public void Dispose() => _region.Dispose();

    private void Fetch(int x, int y, int width, int rows)
    {
        byte[] piece = _region.Fetch(x, _top + y, width, rows);
        int length = width * _pixelBytes;
        for (int row = 0; row < rows; row++)
            Buffer.BlockCopy(piece, row * length, _strip, ((y + row) * _image.Width + x) * _pixelBytes, length);
    }
}

/// <summary>Collects an image's samples as stored in its file, upright, for <see cref="OwnColors"/>.</summary>
/// <param name="image">The opened file.</param>
/// <param name="colors">Its color bands: 1, 3 or 4.</param>
/// <param name="orientation">Its stored orientation, 1 to 8.</param>
internal sealed class OwnBuffer(Image image, int colors, int orientation)
{
    private readonly bool _wide = image.Format == Enums.BandFormat.Ushort;
    private readonly int _bands = image.Bands;
    private readonly UprightBuffer _buffer = new(
        image.Width, image.Height, orientation, image.Format == Enums.BandFormat.Ushort ? 16 : 8, hasAlpha: colors == 4);

    /// <summary>Writes the next rows.</summary>
    internal void Write(StripReader.Strip strip)
    {
        if (colors > 1)
            _buffer.Write(0, strip.Top, image.Width, strip.Samples.Span, _bands);
        else
            _buffer.Write(0, strip.Top, image.Width, Tripled(strip.Samples.Span), 3);
    }

    /// <summary>The samples, once all rows are written.</summary>
    internal OwnColors ToOwnColors() => new(_buffer.Width, _buffer.Height, colors, _wide, _buffer.Rgb, _buffer.Alpha);

    private byte[] Tripled(ReadOnlySpan<byte> samples)
    {
        int size = _wide ? 2 : 1, pixels = samples.Length / (_bands * size);
        byte[] tripled = new byte[3 * size * pixels];
        for (int i = 0; i < pixels; i++)
        {
            var gray = samples.Slice(i * _bands * size, size);
            for (int c = 0; c < 3; c++)
                gray.CopyTo(tripled.AsSpan((3 * i + c) * size));
        }
        return tripled;
    }
}

/// <summary>
/// An image that passes through steps: each step's input is disposed once its output exists, so that no file stays open.
/// </summary>
internal sealed class ImageChain(Image start) : IDisposable
{
    /// <summary>The image after the last step.</summary>
    internal Image Current { get; private set; } = start;

    /// <summary>Applies a step.</summary>
    internal void Then(Func<Image, Image> step)
    {
        var next = step(Current);
        Current.Dispose();
        Current = next;
    }

    /// <inheritdoc/>
    public void Dispose() => Current.Dispose();
}
