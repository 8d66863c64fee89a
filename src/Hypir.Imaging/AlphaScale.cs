using System.Numerics;
using System.Runtime.InteropServices;

namespace Hypir.Imaging;

/// <summary>
/// Scales an alpha plane by the Catmull-Rom cubic (Mitchell and Netravali 1988, B = 0, C = 1/2), widened when the plane shrinks. Of the sharp
/// filters it alone has no positive lobe beside its peak: next to an edge it swings below transparent or above opaque, where it is cut off,
/// and leaves no ring around what is cut out.
/// </summary>
public static class AlphaScale
{
    /// <summary>Scales a picture's alpha.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Pixels of a row of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <returns>
    /// Alpha of the new size and the picture's depth, for <see cref="RasterImage"/>; null for an opaque picture, its own buffer for its own size. Where
    /// all samples that reach a pixel are transparent (or opaque), so is the pixel.
    /// </returns>
    public static byte[]? Resize(RasterImage picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (picture.Alpha is null || (picture.Width == width && picture.Height == height))
            return picture.Alpha;
        byte[] scaled = GC.AllocateUninitializedArray<byte>(checked(width * height * (picture.BitsPerSample / 8)));
        var across = new CubicTaps(picture.Width, width);
        var down = new CubicTaps(picture.Height, height);
        if (picture.BitsPerSample == 8)
            Resize<byte>(picture.Alpha, scaled, across, down);
        else
            Resize<ushort>(picture.Alpha, scaled, across, down);
        return scaled;
    }

    private static void Resize<T>(byte[] alpha, byte[] scaled, CubicTaps across, CubicTaps down)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var source = MemoryMarshal.Cast<byte, T>(alpha);
        var target = MemoryMarshal.Cast<byte, T>(scaled.AsSpan());
        // Rows that are scaled across already: as many as reach a row of the result, each in the place of one that no longer does.
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
            // Cut off here too, or what swings over in one direction would ring in the other.
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
