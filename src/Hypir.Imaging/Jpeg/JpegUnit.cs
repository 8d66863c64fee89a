namespace Hypir.Imaging.Jpeg;

/// <summary>
/// One unit of a JPEG image: the pixels whose blocks of luma and chroma belong together (ITU T.81, A.2). It computes what libjpeg would
/// store for its pixels, and moves them to where libjpeg stores the file's own coefficients again.
/// </summary>
internal sealed class JpegUnit
{
    /// <summary>
    /// libjpeg's transform is exact to a tenth (it rounds between its passes, jfdctint.c): nearer to the end of an interval, a coefficient
    /// may be stored as the next one.
    /// </summary>
    private const float Guard = 0.1f;

    private readonly JpegCoefficients _jpeg;
    private readonly JpegHeader _header;
    private readonly int _width, _height;

    // Index of each pixel in the image, or -1; and its colors, which keep fractions of levels between rounds.
    private readonly int[] _pixels;
    private readonly float[] _colors;
    private readonly float[] _samples = new float[BlockTransform.Size];
    private readonly float[] _own = new float[BlockTransform.Size];

    // For each component, the correction of each pixel.
    private readonly float[][] _corrections;
    private int _column, _row;

    /// <summary>Makes room for units of a file.</summary>
    /// <param name="jpeg">The file's coefficients.</param>
    public JpegUnit(JpegCoefficients jpeg)
    {
        (_jpeg, _header) = (jpeg, jpeg.Header);
        (_width, _height) = (_header.UnitWidth, _header.UnitHeight);
        _pixels = new int[_width * _height];
        _colors = new float[3 * _pixels.Length];
        _corrections = [.. _header.Components.Select(_ => new float[_pixels.Length])];
    }

    /// <summary>Takes a unit's pixels out of an image.</summary>
    /// <param name="rgb">R, G, B of the image.</param>
    /// <param name="grid">Where the pixels are.</param>
    /// <param name="column">The unit's column.</param>
    /// <param name="row">The unit's row.</param>
    /// <returns>Whether the image has any pixel of it.</returns>
    public bool Take(ReadOnlySpan<byte> rgb, PixelGrid grid, int column, int row)
    {
        (_column, _row) = (column, row);
        bool any = false;
        for (int i = 0; i < _pixels.Length; i++)
        {
            int pixel = _pixels[i] = grid.IndexOf(column * _width + i % _width, row * _height + i / _width);
            any |= pixel >= 0;
            for (int color = 0; color < 3; color++)
                _colors[3 * i + color] = pixel < 0 ? 0 : rgb[3 * pixel + color];
        }

        return any;
    }

    /// <summary>Writes the pixels back.</summary>
    /// <param name="rgb">R, G, B of the image.</param>
    public void Put(Span<byte> rgb)
    {
        for (int i = 0; i < _pixels.Length; i++)
        {
            for (int color = 0; color < 3 && _pixels[i] >= 0; color++)
                rgb[3 * _pixels[i] + color] = Level(_colors[3 * i + color]);
        }
    }

    /// <summary>Compares what libjpeg would store with the file, and prepares the correction.</summary>
    /// <param name="margin">How far inside of its interval a corrected coefficient comes to lie, at most a quarter of its step.</param>
    /// <returns>The differences of luma and chroma.</returns>
    public UnitConflict Compare(float margin)
    {
        UnitConflict sum = default;
        for (int i = 0; i < _header.Components.Count; i++)
        {
            var component = _header.Components[i];
            for (int block = 0; block < component.Across * component.Down; block++)
            {
                UnitConflict found = CompareBlock(i, block % component.Across, block / component.Across, margin);
                sum = i == 0 ? sum + found : sum with { Outside = sum.Outside + found.Outside };
            }
        }

        return sum;
    }

    /// <summary>Applies the prepared correction.</summary>
    public void Correct()
    {
        bool gray = _corrections.Length == 1;
        for (int i = 0; i < _pixels.Length; i++)
        {
            float y = _corrections[0][i], cb = gray ? 0 : _corrections[1][i], cr = gray ? 0 : _corrections[2][i];
            Move(3 * i, y + 1.402f * cr);
            Move(3 * i + 1, y - 0.344136f * cb - 0.714136f * cr);
            Move(3 * i + 2, y + 1.772f * cb);
        }

        void Move(int at, float by) => _colors[at] = Math.Clamp(_colors[at] + by, 0, byte.MaxValue);
    }

    private UnitConflict CompareBlock(int index, int across, int down, float margin)
    {
        var component = _header.Components[index];
        int stepX = _header.Across / component.Across, stepY = _header.Down / component.Down;
        ReadOnlySpan<short> stored = _jpeg.Block(index, _column * component.Across + across, _row * component.Down + down);
        bool whole = true, any = false;
        for (int i = 0; i < BlockTransform.Size; i++)
        {
            float sample = Sample(index, 8 * across + i % 8, 8 * down + i / 8, stepX, stepY, out bool seen);
            _samples[i] = sample;
            (whole, any) = (whole && seen, any || seen);
        }

        if (!any)
        {
            Spread(index, across, down, stepX, stepY, default);
            return default;
        }

        if (!whole)
            FillUnseen(stored, component.Steps);
        BlockTransform.Forward(_samples, _samples);
        double excess = 0, noise = 0;
        int outside = 0;
        for (int i = 0; i < BlockTransform.Size; i++)
        {
            float step = component.Steps[i], difference = _samples[i] - stored[i] * step;
            float beyond = Math.Abs(difference) - step / 2;
            noise += step * step / 12;
            _samples[i] = 0;
            if (beyond <= -Math.Min(Guard, step / 10))
                continue;
            outside++;
            excess += beyond > 0 ? beyond * beyond : 0;
            float most = step / 2 - Math.Min(margin, step / 4);
            _samples[i] = Math.Clamp(difference, -most, most) - difference;
        }

        if (outside > 0)
            BlockTransform.Inverse(_samples, _samples);
        Spread(index, across, down, stepX, stepY, outside > 0 ? _samples : default);
        return new(outside, BlockTransform.Size, excess, noise);
    }

    /// <summary>
    /// A sample as libjpeg computes it, centered: rounded after the color conversion and again after averaging; NaN if no pixel of it is
    /// seen.
    /// </summary>
    private float Sample(int component, int x, int y, int stepX, int stepY, out bool seen)
    {
        int sum = 0, count = 0;
        for (int row = y * stepY; row < (y + 1) * stepY; row++)
        {
            for (int column = x * stepX; column < (x + 1) * stepX; column++)
            {
                int i = row * _width + column;
                if (_pixels[i] < 0)
                    continue;
                sum += Convert(component, Level(_colors[3 * i]), Level(_colors[3 * i + 1]), Level(_colors[3 * i + 2]));
                count++;
            }
        }

        seen = count > 0;
        // libjpeg's biases alternate between columns, so that halves are rounded down as often as up.
        int bias = count < stepX * stepY ? count / 2 : (stepX, stepY) switch
        {
            (2, 1) => x & 1,
            (2, 2) => 1 + (x & 1),
            _ => count / 2,
        };
        return seen ? (sum + bias) / count - 128 : float.NaN;
    }

    /// <summary>What a file has beyond the edge of the image is free: there, its own samples stay.</summary>
    private void FillUnseen(ReadOnlySpan<short> stored, ushort[] steps)
    {
        for (int i = 0; i < BlockTransform.Size; i++)
            _own[i] = stored[i] * steps[i];
        BlockTransform.Inverse(_own, _own);
        for (int i = 0; i < BlockTransform.Size; i++)
        {
            if (float.IsNaN(_samples[i]))
                _samples[i] = _own[i];
        }
    }

    private void Spread(int component, int across, int down, int stepX, int stepY, ReadOnlySpan<float> block)
    {
        float[] all = _corrections[component];
        for (int y = 0; y < 8 * stepY; y++)
        {
            Span<float> row = all.AsSpan((8 * down * stepY + y) * _width + 8 * across * stepX, 8 * stepX);
            for (int x = 0; x < row.Length; x++)
                row[x] = block.IsEmpty ? 0 : block[y / stepY * 8 + x / stepX];
        }
    }

    private static byte Level(float color) => (byte)(color + 0.5f);

    /// <summary>libjpeg's conversion, in 16 bits after the point (jccolor.c).</summary>
    private static int Convert(int component, int r, int g, int b) => component switch
    {
        0 => (19595 * r + 38470 * g + 7471 * b + 32768) >> 16,
        1 => (-11059 * r - 21709 * g + 32768 * b + (128 << 16) + 32767) >> 16,
        _ => (32768 * r - 27439 * g - 5329 * b + (128 << 16) + 32767) >> 16,
    };
}

/// <summary>How far pixels are from what a JPEG file allows.</summary>
/// <param name="Outside">Coefficients outside of their intervals.</param>
/// <param name="Samples">Samples of luma that were compared.</param>
/// <param name="Excess">The sum of the squares of their distances from the intervals, in luma.</param>
/// <param name="Noise">The sum of the variances of rounding to the quantization steps, in luma.</param>
internal readonly record struct UnitConflict(long Outside, long Samples, double Excess, double Noise)
{
    public static UnitConflict operator +(UnitConflict a, UnitConflict b) =>
        new(a.Outside + b.Outside, a.Samples + b.Samples, a.Excess + b.Excess, a.Noise + b.Noise);
}
