using System.Numerics;
using Hypir.Imaging;

namespace Hypir.Training.Data.Crops;

/// <summary>
/// Resizes 8-bit images with the same results as Pillow, which the reference uses to prepare training images: two passes in fixed point,
/// each rounded to 8 bits, with the filter widened when shrinking to avoid aliasing. Only the requested part is computed.
/// </summary>
public static class ByteResampler
{
    private const int Channels = 3;
    private const int Half = 1 << (ResampleWeights.Precision - 1);

    /// <summary>Resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Its new width, at least 1.</param>
    /// <param name="height">Its new height, at least 1.</param>
    /// <param name="filter">The weights.</param>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter) =>
        Resize(image, width, height, filter, 0, 0, width, height);

    /// <summary>Resizes an image and cuts a part out of the result; what lies outside the part is not computed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Its new width, at least 1.</param>
    /// <param name="height">Its new height, at least 1.</param>
    /// <param name="filter">The weights.</param>
    /// <param name="left">First column of the part.</param>
    /// <param name="top">First row of the part.</param>
    /// <param name="partWidth">Columns of the part.</param>
    /// <param name="partHeight">Rows of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the new size.</exception>
    public static RgbImage Resize(
        RgbImage image, int width, int height, ResampleFilter filter, int left, int top, int partWidth, int partHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(partHeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + partWidth, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top + partHeight, height);
        // At equal size, both filters weight a pixel with 1 and its neighbors with 0, so the passes copy.
        var columns = new ResampleWeights(image.Width, width, filter, left, partWidth);
        var rows = new ResampleWeights(image.Height, height, filter, top, partHeight);
        byte[] narrowed = ResizeColumns(image, columns, rows.First, rows.End);
        return new(partWidth, partHeight, ResizeRows(narrowed, partWidth * Channels, rows));
    }

    private static byte[] ResizeColumns(RgbImage image, ResampleWeights columns, int firstRow, int endRow)
    {
        var result = new byte[(endRow - firstRow) * columns.Count * Channels];
        int target = 0;
        for (int row = firstRow; row < endRow; row++)
        {
            var source = image.Pixels.AsSpan(row * image.Width * Channels, image.Width * Channels);
            for (int column = 0; column < columns.Count; column++)
            {
                var (start, weights) = columns[column];
                var pixels = source[(start * Channels)..];
                int red = Half, green = Half, blue = Half;
                for (int i = 0; i < weights.Length; i++)
                {
                    int weight = weights[i];
                    red += pixels[Channels * i] * weight;
                    green += pixels[Channels * i + 1] * weight;
                    blue += pixels[Channels * i + 2] * weight;
                }
                result[target++] = Clip(red);
                result[target++] = Clip(green);
                result[target++] = Clip(blue);
            }
        }
        return result;
    }

    /// <summary>Neighboring samples of a row share weights, so a whole register of them is summed at once.</summary>
    private static byte[] ResizeRows(byte[] samples, int stride, ResampleWeights rows)
    {
        var result = new byte[rows.Count * stride];
        var sums = new int[stride];
        for (int row = 0; row < rows.Count; row++)
        {
            var (start, weights) = rows[row];
            Array.Fill(sums, Half);
            for (int i = 0; i < weights.Length; i++)
                AddWeighted(sums, samples.AsSpan((start - rows.First + i) * stride, stride), weights[i]);
            var target = result.AsSpan(row * stride, stride);
            for (int i = 0; i < stride; i++)
                target[i] = Clip(sums[i]);
        }
        return result;
    }

    private static void AddWeighted(int[] sums, ReadOnlySpan<byte> samples, int weight)
    {
        int i = 0;
        for (; i <= samples.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(samples[i..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            Add(sums, i, first, weight);
            Add(sums, i + Vector<int>.Count, second, weight);
            Add(sums, i + 2 * Vector<int>.Count, third, weight);
            Add(sums, i + 3 * Vector<int>.Count, fourth, weight);
        }
        for (; i < samples.Length; i++)
            sums[i] += samples[i] * weight;
    }

    private static void Add(int[] sums, int at, Vector<uint> samples, int weight) =>
        (new Vector<int>(sums, at) + Vector.AsVectorInt32(samples) * weight).CopyTo(sums, at);

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
}

/// <summary>The source pixels and fixed-point weights along one axis.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Fraction bits: 8 bits remain for the samples and 2 for overshooting sums.</summary>
    public const int Precision = 32 - 8 - 2;

    private readonly int[] _starts;
    private readonly int[][] _weights;

    /// <summary>
    /// Weights for <paramref name="count"/> outputs from <paramref name="first"/> on, of an axis resized from one size to another.
    /// </summary>
    public ResampleWeights(int from, int to, ResampleFilter filter, int first, int count)
    {
        (_starts, _weights) = (new int[count], new int[count][]);
        double step = (double)from / to, stretch = Math.Max(step, 1), support = (filter == ResampleFilter.Box ? 0.5 : 2) * stretch;
        for (int i = 0; i < count; i++)
        {
            double middle = (first + i + 0.5) * step;
            int start = Math.Max(0, (int)(middle - support + 0.5)), end = Math.Min(from, (int)(middle + support + 0.5));
            var weights = new double[end - start];
            for (int x = 0; x < weights.Length; x++)
                weights[x] = Weight(filter, (start + x - middle + 0.5) / stretch);
            double sum = weights.Sum();
            _starts[i] = start;
            _weights[i] = [.. weights.Select(weight => Fixed(weight / sum))];
        }
    }

    /// <summary>Number of outputs.</summary>
    public int Count => _starts.Length;

    /// <summary>The first input pixel that any output needs.</summary>
    public int First => _starts[0];

    /// <summary>The input pixel after the last that any output needs.</summary>
    public int End => _starts[^1] + _weights[^1].Length;

    /// <summary>The first input pixel of an output, and the weights from there on.</summary>
    public (int Start, int[] Weights) this[int output] => (_starts[output], _weights[output]);

    private static int Fixed(double weight) => (int)(weight * (1 << Precision) + (weight < 0 ? -0.5 : 0.5));

    private static double Weight(ResampleFilter filter, double x)
    {
        if (filter == ResampleFilter.Box)
            return x is > -0.5 and <= 0.5 ? 1 : 0;
        const double a = -0.5;
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * a,
            _ => 0,
        };
    }
}

/// <summary>Weights by the distance from an output pixel, in output pixels when shrinking.</summary>
public enum ResampleFilter
{
    /// <summary>1 up to half a pixel away: the mean of what an output pixel covers.</summary>
    Box,

    /// <summary>Keys' cubic with a = -0.5, to two pixels away.</summary>
    Bicubic,
}

/// <summary>An opaque image of 8 bits, as training uses them.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">R, G, B, row after row.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Takes a decoded image's colors: alpha is left out, 16 bits are rounded to 8.</summary>
    public static RgbImage Of(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.BitsPerSample == 8)
            return new(image.Width, image.Height, image.Rgb);
        var pixels = new byte[image.Rgb.Length / 2];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((BitConverter.ToUInt16(image.Rgb, 2 * i) * 255 + 32767) / 65535);
        return new(image.Width, image.Height, pixels);
    }

    /// <summary>As an image to be saved.</summary>
    public RasterImage ToImage() => new(Width, Height, 8, Pixels);
}
