namespace Hypir.Imaging.Bmp;

/// <summary>Reads the run-length codes of a BMP file (BI_RLE8, BI_RLE4; Windows GDI reference, "Bitmap Compression") row by row.</summary>
/// <param name="file">The file, at its pixels.</param>
/// <param name="width">Pixels in a row.</param>
/// <param name="bits">Bits per pixel: 8 or 4.</param>
internal sealed class BmpRunLengths(Stream file, int width, int bits)
{
    private const int EndOfRow = 0, EndOfImage = 1, Jump = 2;

    private int _x;
    private int _rowsToSkip;
    private bool _ended;

    /// <summary>Reads the next row's indices; pixels that the codes skip get index 0.</summary>
    /// <exception cref="EndOfStreamException">The file ends before the image.</exception>
    internal void ReadRow(Span<byte> indices)
    {
        indices.Clear();
        if (_rowsToSkip > 0)
        {
            _rowsToSkip--;
            return;
        }
        while (!_ended)
        {
            int count = Next(), value = Next();
            if (count > 0)
                Run(indices, count, value);
            else if (value > Jump)
                Literal(indices, value);
            else if (Escape(value))
                return;
        }
    }

    // Returns whether the row is done.
    private bool Escape(int code)
    {
        switch (code)
        {
            case EndOfRow:
                _x = 0;
                return true;
            case EndOfImage:
                _ended = true;
                return true;
            default:
                _x = Math.Min(width, _x + Next());
                int down = Next();
                _rowsToSkip = Math.Max(0, down - 1);
                return down > 0;
        }
    }

    private void Run(Span<byte> indices, int count, int value)
    {
        // At 4 bits, the high and the low index alternate.
        for (int i = 0; i < count; i++)
            Put(indices, bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15);
    }

    private void Literal(Span<byte> indices, int count)
    {
        int length = bits == 8 ? count : (count + 1) / 2;
        for (int i = 0; i < length; i++)
        {
            int value = Next();
            Put(indices, bits == 8 ? value : value >> 4);
            if (bits == 4 && 2 * i + 1 < count)
                Put(indices, value & 15);
        }
        // Codes are aligned to two bytes.
        if (length % 2 != 0)
            Next();
    }

    private void Put(Span<byte> indices, int value)
    {
        if (_x < width)
            indices[_x++] = (byte)value;
    }

    private int Next() => file.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException();
}
