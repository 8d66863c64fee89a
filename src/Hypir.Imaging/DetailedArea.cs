using System.Runtime.InteropServices;

namespace Hypir.Imaging;

/// <summary>Finds the part of an image that shows most: the one with the most detail.</summary>
public static class DetailedArea
{
    private const int Block = 16;

    /// <summary>A difference of neighbors counts up to this many levels: one strong edge is no detail.</summary>
    private const int Most = 32;

    /// <summary>Finds a square, or all of a side that is shorter.</summary>
    /// <param name="image">The image.</param>
    /// <param name="side">The square's side in pixels.</param>
    /// <returns>Its place; among equal ones, the one nearest to the middle.</returns>
    public static (int X, int Y, int Width, int Height) Of(RasterImage image, int side)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = Math.Min(side, image.Width), height = Math.Min(side, image.Height);
        int columns = image.Width / Block, rows = image.Height / Block, across = width / Block, down = height / Block;
        if (across == 0 || down == 0)
            return ((image.Width - width) / 2, (image.Height - height) / 2, width, height);
        long[] detail = Blocks(image, columns, rows);
        (long Detail, double Near) best = (-1, 0);
        (int X, int Y) place = default;
        for (int y = 0; y + down <= rows; y++)
        {
            for (int x = 0; x + across <= columns; x++)
            {
                long sum = 0;
                for (int row = y; row < y + down; row++)
                {
                    for (int column = x; column < x + across; column++)
                        sum += detail[row * columns + column];
                }

                double near = -Math.Abs(x + across / 2.0 - columns / 2.0) - Math.Abs(y + down / 2.0 - rows / 2.0);
                if ((sum, near).CompareTo(best) > 0)
                    (best, place) = ((sum, near), (x * Block, y * Block));
            }
        }

        return (place.X, place.Y, width, height);
    }

    /// <summary>The sums of capped differences of neighbors in green, by block.</summary>
    private static long[] Blocks(RasterImage image, int columns, int rows)
    {
        var detail = new long[columns * rows];
        bool deep = image.BitsPerSample == 16;
        ReadOnlySpan<byte> bytes = image.Rgb;
        ReadOnlySpan<ushort> words = deep ? MemoryMarshal.Cast<byte, ushort>(bytes) : default;
        for (int y = 1; y < rows * Block; y++)
        {
            for (int x = 1; x < columns * Block; x++)
            {
                int at = 3 * (y * image.Width + x) + 1, left = at - 3, above = at - 3 * image.Width;
                int step = deep
                    ? (Math.Abs(words[at] - words[left]) + Math.Abs(words[at] - words[above])) / 257
                    : Math.Abs(bytes[at] - bytes[left]) + Math.Abs(bytes[at] - bytes[above]);
                detail[y / Block * columns + x / Block] += Math.Min(step, Most);
            }
        }

        return detail;
    }
}
