using System.Numerics;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>Alpha scaled and transparency filled, written once more as plainly as it can be; results are not rounded to samples.</summary>
/// <typeparam name="T">double for exact values, float for the error that this type costs anyhow.</typeparam>
internal static class PlainAlpha<T>
    where T : IFloatingPointIeee754<T>
{
    /// <summary>Alpha below this share of the largest sample is trusted in proportion.</summary>
    private static readonly T Trusted = Of(32 / 255.0);

    /// <summary>Scales a plane: the Catmull-Rom cubic across, cut off at the range of samples, then down, cut off again.</summary>
    public static T[] Scale(int[] alpha, int most, int width, int height, int newWidth, int newHeight)
    {
        T[] across = new T[newWidth * height], result = new T[newWidth * newHeight];
        for (int y = 0; y < height; y++)
        {
            T[] row = [.. Enumerable.Range(0, width).Select(x => T.CreateChecked(alpha[y * width + x]))];
            for (int x = 0; x < newWidth; x++)
                across[y * newWidth + x] = T.Clamp(Cubic(row, x, newWidth), T.Zero, T.CreateChecked(most));
        }

        for (int x = 0; x < newWidth; x++)
        {
            T[] column = [.. Enumerable.Range(0, height).Select(y => across[y * newWidth + x])];
            for (int y = 0; y < newHeight; y++)
                result[y * newWidth + x] = T.Clamp(Cubic(column, y, newHeight), T.Zero, T.CreateChecked(most));
        }

        return result;
    }

    /// <summary>
    /// Fills colors: cells of 4x4 pixels, then of 2x2 cells, up to a single one, each the mean of what it is made of by how far that is
    /// trusted; then, from the largest down, what is not trusted comes from the larger cells around, in straight lines between their
    /// centers.
    /// </summary>
    /// <returns>Interleaved colors.</returns>
    public static T[] Fill(int[] rgb, int[] alpha, int most, int width, int height)
    {
        T[] trust = [.. alpha.Select(sample => T.Min(T.One, T.CreateChecked(sample) / (Trusted * T.CreateChecked(most))))];
        var result = new T[rgb.Length];
        for (int channel = 0; channel < 3; channel++)
        {
            T[] colors = [.. Enumerable.Range(0, width * height).Select(pixel => T.CreateChecked(rgb[3 * pixel + channel]))];
            Plane filled = Filled(Coarser(new(width, height, colors, trust), 4));
            for (int pixel = 0; pixel < colors.Length; pixel++)
            {
                T around = At(filled, (pixel % width + 0.5) / 4, (pixel / width + 0.5) / 4);
                result[3 * pixel + channel] = around + (colors[pixel] - around) * trust[pixel];
            }
        }

        return result;
    }

    private static T Cubic(T[] row, int position, int count)
    {
        double step = (double)row.Length / count, stretch = Math.Max(step, 1), center = (position + 0.5) * step;
        var taps = Enumerable.Range(0, row.Length).Select(i => (Sample: row[i], Weight: CatmullRom((i + 0.5 - center) / stretch)))
            .Where(tap => tap.Weight != 0).ToArray();
        double sum = taps.Sum(tap => tap.Weight);
        return taps.Aggregate(T.Zero, (total, tap) => total + Of(tap.Weight / sum) * tap.Sample);
    }

    /// <summary>Mitchell and Netravali's cubic with B = 0 and C = 1/2.</summary>
    private static double CatmullRom(double x)
    {
        x = Math.Abs(x);
        const double c = 0.5;
        return x < 1 ? ((12 - 6 * c) * x * x * x + (-18 + 6 * c) * x * x + 6) / 6
            : x < 2 ? (-6 * c * x * x * x + 30 * c * x * x - 48 * c * x + 24 * c) / 6 : 0;
    }

    private static Plane Coarser(Plane fine, int side)
    {
        int width = (fine.Width + side - 1) / side, height = (fine.Height + side - 1) / side;
        T[] sums = new T[width * height], weights = new T[width * height], known = new T[width * height];
        for (int y = 0; y < fine.Height; y++)
            for (int x = 0; x < fine.Width; x++)
            {
                int cell = y / side * width + x / side, from = y * fine.Width + x;
                sums[cell] += fine.Colors[from] * fine.Known[from];
                weights[cell] += fine.Known[from];
                known[cell] = T.Max(known[cell], fine.Known[from]);
            }

        return new(width, height, [.. sums.Zip(weights, (sum, weight) => weight > T.Zero ? sum / weight : T.Zero)], known);
    }

    private static Plane Filled(Plane plane)
    {
        if (plane.Colors.Length == 1)
            return plane;
        Plane larger = Filled(Coarser(plane, 2));
        T[] colors = [.. Enumerable.Range(0, plane.Colors.Length).Select(cell =>
        {
            T around = At(larger, (cell % plane.Width + 0.5) / 2, (cell / plane.Width + 0.5) / 2);
            return around + (plane.Colors[cell] - around) * plane.Known[cell];
        })];
        return plane with { Colors = colors };
    }

    /// <summary>The color at a place, in sides of cells.</summary>
    private static T At(Plane plane, double x, double y)
    {
        double across = Math.Clamp(x - 0.5, 0, plane.Width - 1), down = Math.Clamp(y - 0.5, 0, plane.Height - 1);
        int left = (int)across, top = (int)down, right = Math.Min(left + 1, plane.Width - 1), bottom = Math.Min(top + 1, plane.Height - 1);
        T part = Of(across - left), lower = Of(down - top);
        return (Color(left, top) * (T.One - part) + Color(right, top) * part) * (T.One - lower)
            + (Color(left, bottom) * (T.One - part) + Color(right, bottom) * part) * lower;

        T Color(int column, int row) => plane.Colors[row * plane.Width + column];
    }

    private static T Of(double number) => T.CreateChecked(number);

    private sealed record Plane(int Width, int Height, T[] Colors, T[] Known);
}
