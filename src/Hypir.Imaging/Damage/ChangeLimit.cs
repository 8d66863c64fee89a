using System.Runtime.InteropServices;

namespace Hypir.Imaging.Damage;

/// <summary>
/// Keeps a restoration to what an image's damage explains. Noise that is taken away has, in every place, the noise's own energy; where a
/// result differs by more, it has taken texture for noise, and its difference is scaled down to that energy. Sharpening is allowed in
/// proportion to the second derivative, which a blur of sigma s has lessened by s² / 2 of it (docs/damage.md).
/// </summary>
public static class ChangeLimit
{
    /// <summary>Pixels around one whose differences are averaged, in each direction.</summary>
    private const int Reach = 3;

    /// <summary>Noise that is independent in R, G and B has this many times the variance in each that it has in the luma.</summary>
    private const double OfColors = 1 / (0.299 * 0.299 + 0.587 * 0.587 + 0.114 * 0.114);

    /// <summary>Squared levels that are always allowed: rounding, and what no estimate resolves.</summary>
    private const double Always = 0.25;

    /// <summary>Sharpening may exceed the second-order term of the blur by this factor: sharp edges need the higher ones.</summary>
    private const double Sharpening = 8;

    /// <summary>Blur up to this is not told from none.</summary>
    private const double LeastBlur = 0.4;

    /// <summary>Limits a result's differences from its image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="samples">R, G, B of the result, of the image's size and type; they are changed.</param>
    /// <param name="damage">The image's damage.</param>
    public static void Apply(RasterImage image, byte[] samples, DamageEstimate damage)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(damage);
        double noise = OfColors * damage.Noise * damage.Noise;
        double blur = Sharpening * Math.Max(0, damage.Blur * damage.Blur - LeastBlur * LeastBlur);
        var rows = new ChangeRows(image, samples, Reach, blur > 0);
        var allowed = new double[image.Width];
        for (int row = 0; row < image.Height; row++)
        {
            rows.MoveTo(row);
            for (int x = 0; x < image.Width; x++)
                allowed[x] = Always + noise + blur * blur * rows.Detail[x];
            Scale(image, samples, row, rows.Difference, allowed);
        }
    }

    private static void Scale(RasterImage image, byte[] samples, int row, double[] difference, double[] allowed)
    {
        int stride = 3 * image.Width;
        if (image.BitsPerSample == 16)
        {
            ReadOnlySpan<ushort> from = MemoryMarshal.Cast<byte, ushort>(image.Rgb.AsSpan()).Slice(row * stride, stride);
            Span<ushort> to = MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()).Slice(row * stride, stride);
            for (int i = 0; i < stride; i++)
            {
                if (difference[i / 3] > allowed[i / 3])
                    to[i] = (ushort)Math.Round(from[i] + (to[i] - from[i]) * Math.Sqrt(allowed[i / 3] / difference[i / 3]));
            }
        }
        else
        {
            ReadOnlySpan<byte> from = image.Rgb.AsSpan(row * stride, stride);
            Span<byte> to = samples.AsSpan(row * stride, stride);
            for (int i = 0; i < stride; i++)
            {
                if (difference[i / 3] > allowed[i / 3])
                    to[i] = (byte)Math.Round(from[i] + (to[i] - from[i]) * Math.Sqrt(allowed[i / 3] / difference[i / 3]));
            }
        }
    }
}

/// <summary>
/// Local means of a result's squared differences and of its image's squared detail, row by row. Rows that are behind may be changed.
/// </summary>
internal sealed class ChangeRows
{
    private readonly RasterImage _image;
    private readonly byte[] _samples;
    private readonly int _reach;
    private readonly bool _wantsDetail;
    private readonly double[][] _differences, _details;
    private readonly float[][] _lumas = [[], [], []];
    private int _read;

    /// <summary>Begins before the first row.</summary>
    /// <param name="image">The image.</param>
    /// <param name="samples">The result.</param>
    /// <param name="reach">Pixels around one that are averaged, in each direction.</param>
    /// <param name="wantsDetail">Whether <see cref="Detail"/> is needed; otherwise it is 0.</param>
    public ChangeRows(RasterImage image, byte[] samples, int reach, bool wantsDetail)
    {
        (_image, _samples, _reach, _wantsDetail) = (image, samples, reach, wantsDetail);
        _differences = [.. Enumerable.Range(0, 2 * reach + 1).Select(_ => new double[image.Width])];
        _details = [.. Enumerable.Range(0, 2 * reach + 1).Select(_ => new double[wantsDetail ? image.Width : 0])];
        (Difference, Detail) = (new double[image.Width], new double[image.Width]);
    }

    /// <summary>The mean squared difference around each pixel of the current row, in squared levels of 255.</summary>
    public double[] Difference { get; }

    /// <summary>The mean square, around each pixel, of half the luma's Laplacian.</summary>
    public double[] Detail { get; }

    /// <summary>Moves to a row; they must come in order.</summary>
    public void MoveTo(int row)
    {
        for (; _read <= Math.Min(row + _reach, _image.Height - 1); _read++)
            Read(_read);
        int first = Math.Max(0, row - _reach), last = Math.Min(_image.Height - 1, row + _reach);
        Mean(_differences, first, last, Difference);
        if (_wantsDetail)
            Mean(_details, first, last, Detail);
    }

    private void Read(int row)
    {
        int width = _image.Width, slot = row % _differences.Length;
        double[] squares = new double[width];
        for (int x = 0; x < width; x++)
        {
            for (int c = 0; c < 3; c++)
            {
                double difference = Value(_samples, row, 3 * x + c) - Value(_image.Rgb, row, 3 * x + c);
                squares[x] += difference * difference / 3;
            }
        }

        Sums(squares, _differences[slot]);
        if (!_wantsDetail)
            return;
        float[] above = LumaOf(row - 1), here = LumaOf(row), below = LumaOf(row + 1);
        for (int x = 0; x < width; x++)
        {
            double half = 0.5 * (above[x] + below[x] + here[Math.Max(0, x - 1)] + here[Math.Min(width - 1, x + 1)] - 4 * here[x]);
            squares[x] = half * half;
        }

        Sums(squares, _details[slot]);
    }

    private float[] LumaOf(int row)
    {
        row = Math.Clamp(row, 0, _image.Height - 1);
        // Three rows in turn: each is computed once.
        ref float[] kept = ref _lumas[row % 3];
        if (kept.Length > 0 && kept[^1] == row)
            return kept;
        kept = new float[_image.Width + 1];
        Luma.Read(_image, (long)row * _image.Width, kept.AsSpan(0, _image.Width));
        kept[^1] = row;
        return kept;
    }

    private double Value(byte[] rgb, int row, int index)
    {
        int at = row * 3 * _image.Width + index;
        return _image.BitsPerSample == 16 ? MemoryMarshal.Cast<byte, ushort>(rgb.AsSpan())[at] / 257.0 : rgb[at];
    }

    /// <summary>Sums over the pixels within reach in the row.</summary>
    private void Sums(double[] values, double[] sums)
    {
        double sum = 0;
        int width = values.Length;
        for (int x = 0; x < Math.Min(_reach, width); x++)
            sum += values[x];
        for (int x = 0; x < width; x++)
        {
            if (x + _reach < width)
                sum += values[x + _reach];
            if (x - _reach - 1 >= 0)
                sum -= values[x - _reach - 1];
            sums[x] = sum;
        }
    }

    private void Mean(double[][] rows, int first, int last, double[] mean)
    {
        int width = mean.Length;
        for (int x = 0; x < width; x++)
        {
            double sum = 0;
            for (int row = first; row <= last; row++)
                sum += rows[row % rows.Length][x];
            int columns = Math.Min(width - 1, x + _reach) - Math.Max(0, x - _reach) + 1;
            mean[x] = Math.Max(0, sum) / ((last - first + 1) * columns);
        }
    }
}
