using System.Numerics;

namespace Hypir.Training.Data.Crops;

/// <summary>
/// Resizing of 8-bit pictures with the numbers of Pillow, which the reference prepares its training pictures with: two passes in fixed point, each rounded to
/// 8 bits, with the filter widened when shrinking so that nothing aliases. Only the wanted part is computed.
/// </summary>
public static class ByteResampler
{
    private const int Channels = 3;
    private const int Half = 1 << (ResampleWeights.Precision - 1);

    /// <summary>Resizes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Its new width, at least 1.</param>
    /// <param name="height">Its new height, at least 1.</param>
    /// <param name="filter">The weights.</param>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter) =>
        Resize(image, width, height, filter, 0, 0, width, height);

    /// <summary>Resizes a picture and cuts a part out of the result; what lies outside the part is not computed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Its new width, at least 1.</param>
    /// <param name="height">Its new height, at least 1.</param>
    /// <param name="filter">The weights.</param>
    /// <param name="left">First column of the part.</param>
    /// <param name="top">First row of the part.</param>
    /// <param name="partWidth">Columns of the part.</param>
    /// <param name="partHeight">Rows of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the new size.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter, int left, int top, int partWidth, int partHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(partHeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + partWidth, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top + partHeight, height);
        // At the same size both filters weigh a pixel with 1 and its neighbours with 0: the passes copy.
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

    /// <summary>Neighbouring samples of a row have the same weights, so a whole register of them is summed at once.</summary>
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
