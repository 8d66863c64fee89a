using System.Runtime.InteropServices;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>A document of one layer, with a selection.</summary>
internal sealed class RasterImage
{
    public RasterImage(int width, int height, double exponent = 1)
    {
        (Width, Height, Exponent) = (width, height, exponent);
        Pixels = GC.AllocateArray<ColorBgra32>(width * height, pinned: true);
        Mask = GC.AllocateArray<ColorAlpha8>(width * height, pinned: true);
        Bounds = new(0, 0, width, height);
        Array.Fill(Mask, new ColorAlpha8(255));
    }

    public int Width { get; }

    public int Height { get; }

    public double Exponent { get; }

    public ColorBgra32[] Pixels { get; private init; }

    /// <summary>The selection: 0 outside, 255 inside, between them at soft edges.</summary>
    public ColorAlpha8[] Mask { get; }

    /// <summary>The selection's bounds.</summary>
    public RectInt32 Bounds { get; private set; }

    public Span<byte> Bytes => MemoryMarshal.AsBytes(Pixels.AsSpan());

    /// <summary>An image of a file, with its transparency or without.</summary>
    public static RasterImage Open(string file, bool transparent = false)
    {
        using var bitmap = new System.Drawing.Bitmap(file);
        return Of(bitmap, transparent);
    }

    /// <summary>An image of a bitmap, with its transparency or without.</summary>
    public static RasterImage Of(System.Drawing.Bitmap bitmap, bool transparent = false)
    {
        var image = new RasterImage(bitmap.Width, bitmap.Height);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = new((uint)bitmap.GetPixel(i % bitmap.Width, i / bitmap.Width).ToArgb() | (transparent ? 0 : 0xFF000000));
        return image;
    }

    /// <summary>A photograph-like image: soft shapes, an edge and grain, from a seed.</summary>
    public static RasterImage Drawn(int width, int height, int seed, bool transparent = false, double exponent = 1)
    {
        var image = new RasterImage(width, height, exponent);
        var random = new Random(seed);
        double a = 0.02 + random.NextDouble() * 0.05, b = 0.02 + random.NextDouble() * 0.05;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int grain = random.Next(24),
                    edge = x * 3 > y * 2 + seed % 90 ? 60 : 0;
                byte Level(double phase) =>
                    (byte)Math.Clamp(90 + 70 * Math.Sin(a * x + phase) * Math.Cos(b * y) + edge + grain - 12, 0, 255);
                uint alpha = transparent ? (uint)Math.Clamp((x + y) * 300 / (width + height) - 20, 0, 255) : 255;
                image.Pixels[y * width + x] = new(Level(0) | (uint)Level(1) << 8 | (uint)Level(2) << 16 | alpha << 24);
            }
        }
        return image;
    }

    /// <summary>Selects what the function gives coverage for, 0 to 255.</summary>
    public RasterImage Select(Func<int, int, int> coverage)
    {
        int left = Width, top = Height, right = 0, bottom = 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                byte mask = (byte)Math.Clamp(coverage(x, y), 0, 255);
                Mask[y * Width + x] = new(mask);
                if (mask > 0)
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }
        Bounds = new(left, top, right - left, bottom - top);
        return this;
    }

    /// <summary>
    /// The same document after an effect gave pixels: blended along the selection's mask, outside as it was (H7, paintdotnet.md:46).
    /// </summary>
    public RasterImage With(ColorBgra32[] given)
    {
        var after = new RasterImage(Width, Height, Exponent) { Pixels = GC.AllocateArray<ColorBgra32>(Pixels.Length, pinned: true) };
        for (int i = 0; i < Pixels.Length; i++)
            after.Pixels[i] = Lerp(Pixels[i], given[i], Mask[i].A);
        Mask.CopyTo(after.Mask, 0);
        after.Bounds = Bounds;
        return after;
    }

    private static ColorBgra32 Lerp(ColorBgra32 before, ColorBgra32 after, byte mask)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 32; shift += 8)
            mixed |= (((before.Bgra >> shift) & 255) * (255u - mask) + ((after.Bgra >> shift) & 255) * mask + 127) / 255 << shift;
        return new(mixed);
    }
}
