namespace Hypir.Imaging.Damage;

/// <summary>A part of an image's luma (ITU-R BT.601), which damage is estimated from.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Samples">0 (black) to 255 (white), row after row.</param>
internal sealed record LumaWindow(int Width, int Height, float[] Samples)
{
    /// <summary>Windows of an image: all of a small one, otherwise squares spread over it.</summary>
    public const int Side = 128, Most = 64;

    /// <summary>JPEG's blocks begin at its multiples.</summary>
    private const int Block = 8;

    /// <summary>Takes windows from an image. They begin at multiples of 8 pixels and do not overlap.</summary>
    public static IReadOnlyList<LumaWindow> Of(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int columns = Math.Max(1, image.Width / Side), rows = Math.Max(1, image.Height / Side);
        // The same share of rows and columns is left out.
        double share = Math.Min(1, Math.Sqrt((double)Most / columns / rows));
        int across = Math.Max(1, (int)(columns * share)), down = Math.Max(1, Math.Min(rows, Most / across));
        return
        [
            .. from row in Enumerable.Range(0, down)
               from column in Enumerable.Range(0, across)
               select Of(image, Start(column, across, image.Width), Start(row, down, image.Height)),
        ];
    }

    private static int Start(int index, int count, int length) =>
        Math.Max(0, (int)((index + 0.5) * length / count) - Side / 2) / Block * Block;

    private static LumaWindow Of(RasterImage image, int left, int top)
    {
        int width = Math.Min(Side, image.Width - left), height = Math.Min(Side, image.Height - top);
        var samples = new float[width * height];
        for (int y = 0; y < height; y++)
            Luma.Read(image, (long)(top + y) * image.Width + left, samples.AsSpan(y * width, width));
        return new(width, height, samples);
    }
}
