using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Hypir.Imaging.Formats;
using NetVips;

namespace Hypir.Imaging;

/// <summary>
/// Scales an alpha plane with the Catmull-Rom cubic (Mitchell and Netravali 1988, B = 0, C = 1/2), widened when shrinking. It is the only
/// sharp filter without a positive side lobe: next to an edge it undershoots transparent or overshoots opaque, which clamping removes, so
/// cut-out objects get no halo.
/// </summary>
public static class AlphaScale
{
    /// <summary>Scales an image's alpha.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Pixels of a row of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <returns>
    /// Alpha of the new size at the image's bit depth, for <see cref="RasterImage"/>; null for an opaque image, the image's own buffer if
    /// the size does not change. A pixel whose source samples are all transparent (or all opaque) stays so.
    /// </returns>
    public static byte[]? Resize(RasterImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Alpha is null ? null : Resize(image.Alpha, image.BitsPerSample, image.Width, image.Height, width, height);
    }

    /// <summary>Scales a plane of samples that behaves like alpha, such as a mask.</summary>
    /// <param name="plane">The samples.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <param name="sourceWidth">Samples in a row.</param>
    /// <param name="sourceHeight">Rows.</param>
    /// <param name="width">Samples of a row of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <returns>The scaled plane; the same buffer if the size does not change.</returns>
    public static byte[] Resize(byte[] plane, int bitsPerSample, int sourceWidth, int sourceHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (sourceWidth == width && sourceHeight == height)
            return plane;
        byte[] scaled = GC.AllocateUninitializedArray<byte>(checked(width * height * (bitsPerSample / 8)));
        var across = new CubicTaps(sourceWidth, width);
        var down = new CubicTaps(sourceHeight, height);
        if (bitsPerSample == 8)
            Resize<byte>(plane, scaled, across, down);
        else
            Resize<ushort>(plane, scaled, across, down);
        return scaled;
    }

    private static void Resize<T>(byte[] alpha, byte[] scaled, CubicTaps across, CubicTaps down)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var source = MemoryMarshal.Cast<byte, T>(alpha);
        var target = MemoryMarshal.Cast<byte, T>(scaled.AsSpan());
        // Ring buffer of horizontally scaled rows: as many as contribute to one output row; each new row replaces one no longer needed.
        float[][] rows = [.. Enumerable.Range(0, down.Most).Select(_ => new float[across.Count])];
        float[] sum = new float[across.Count];
        float most = float.CreateTruncating(T.MaxValue);
        for (int y = 0, next = 0; y < down.Count; y++)
        {
            var (first, weights) = down.At(y);
            for (next = Math.Max(next, first); next < first + weights.Length; next++)
                ScaleRow(source.Slice(next * across.SourceCount, across.SourceCount), rows[next % rows.Length], across, most);
            Array.Clear(sum);
            for (int i = 0; i < weights.Length; i++)
                Add(rows[(first + i) % rows.Length], weights[i], sum);
            var row = target.Slice(y * across.Count, across.Count);
            for (int x = 0; x < row.Length; x++)
                row[x] = T.CreateTruncating(Math.Clamp(sum[x] + 0.5f, 0, most));
        }
    }

    private static void ScaleRow<T>(ReadOnlySpan<T> source, float[] target, CubicTaps across, float most)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int x = 0; x < target.Length; x++)
        {
            var (first, weights) = across.At(x);
            float sum = 0;
            for (int i = 0; i < weights.Length; i++)
                sum += weights[i] * float.CreateTruncating(source[first + i]);
            // Clamp here too, or overshoot in one direction would ring in the other.
            target[x] = Math.Clamp(sum, 0, most);
        }
    }

    private static void Add(float[] row, float weight, float[] sum)
    {
        int x = 0;
        for (; x <= sum.Length - Vector<float>.Count; x += Vector<float>.Count)
            (new Vector<float>(sum, x) + weight * new Vector<float>(row, x)).CopyTo(sum, x);
        for (; x < sum.Length; x++)
            sum[x] += weight * row[x];
    }
}

/// <summary>
/// The source samples that contribute to each sample of the scaled row, and their weights (which sum to 1; fewer samples at the ends).
/// </summary>
internal sealed class CubicTaps
{
    private const double Reach = 2;

    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="sourceCount">Samples of the row.</param>
    /// <param name="count">Samples of the scaled row.</param>
    internal CubicTaps(int sourceCount, int count)
    {
        (SourceCount, Count, _first, _weights) = (sourceCount, count, new int[count], new float[count][]);
        double step = (double)sourceCount / count, stretch = Math.Max(1, step);
        for (int i = 0; i < count; i++)
        {
            double centre = (i + 0.5) * step;
            int first = Math.Max(0, (int)Math.Floor(centre - Reach * stretch + 0.5));
            int end = Math.Min(sourceCount, (int)Math.Floor(centre + Reach * stretch + 0.5));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(j => CatmullRom((j + 0.5 - centre) / stretch))];
            double sum = weights.Sum();
            _first[i] = first;
            _weights[i] = [.. weights.Select(weight => (float)(weight / sum))];
            Most = Math.Max(Most, weights.Length);
        }
    }

    /// <summary>Samples of the row.</summary>
    internal int SourceCount { get; }

    /// <summary>Samples of the scaled row.</summary>
    internal int Count { get; }

    /// <summary>The largest number of samples that contribute to one.</summary>
    internal int Most { get; }

    /// <summary>The first sample that contributes to sample <paramref name="index"/>, and the weights from there on.</summary>
    internal (int First, float[] Weights) At(int index) => (_first[index], _weights[index]);

    private static double CatmullRom(double distance)
    {
        double x = Math.Abs(distance);
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }
}

/// <summary>Which bands of a decoded image are color and which is alpha.</summary>
/// <param name="Colors">Bands of color, from the first on: 1, 3 or 4.</param>
/// <param name="Alpha">The band of transparency; null without one.</param>
/// <param name="Note">A note for the user, or null.</param>
internal sealed record Bands(int Colors, int? Alpha, string? Note = null)
{
    /// <summary>The bands of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="page">The layout of the source TIFF page; null for other formats.</param>
    internal static Bands Of(Image image, TiffLayout? page)
    {
        if (page is not null && page.Photometric != TiffLayout.Palette && image.Bands == page.Samples)
            return OfTiff(page);
        int colors = image switch { { Bands: < 3 } => 1, { Bands: > 3, Interpretation: Enums.Interpretation.Cmyk } => 4, _ => 3 };
        // Where libvips leaves a page to libtiff, the result has a meaningless fourth band.
        return new(colors, image.Bands > colors && page is null ? colors : null);
    }

    private static Bands OfTiff(TiffLayout page)
    {
        int colors = TiffRules.Colors(page), further = (int)page.Samples - colors;
        if (further == 0)
            return new(colors, null);
        if (page.ExtraSamples is not { } meanings)
        {
            return further == 1 && colors < 4
                ? new(colors, colors, "The file does not say what its last sample per pixel is; it was read as transparency.")
                : new(colors, null, Dropped(further));
        }
        int alpha = meanings.ToList().FindIndex(meaning => meaning is TiffLayout.AssociatedAlpha or TiffLayout.UnassociatedAlpha);
        return meanings.Count <= further && alpha >= 0
            ? new(colors, (int)page.Samples - meanings.Count + alpha, further > 1 ? Dropped(further - 1) : null)
            : new(colors, null, Dropped(further));
    }

    private static string Dropped(int count) =>
        count == 1
            ? "The file has a further sample per pixel that is not transparency (infrared, a saved selection); it was not kept."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The file has {count} further samples per pixel that are not transparency (infrared, saved selections); they were not "
                    + $"kept."
            );
}
