using Hypir.PdnHost.Host;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using PaintDotNet.Imaging;

namespace Hypir.PdnHost.Driving;

/// <summary>
/// What the layer should be after the effect, worked out apart from it: cut out, ask the engine as any client does, put in along the mask.
/// </summary>
internal static class Expected
{
    /// <summary>The margin around the selection that docs/paint-net-effect.md promises the model to see.</summary>
    private const int Margin = 64;

    public static async Task<RasterImage> OfAsync(EngineClient client, RasterImage image, int scale = 1, int strength = 100)
    {
        int left = Math.Max(0, image.Bounds.X - Margin),
            top = Math.Max(0, image.Bounds.Y - Margin);
        int width = Math.Min(image.Width, image.Bounds.Right + Margin) - left,
            height = Math.Min(image.Height, image.Bounds.Bottom + Margin) - top;
        var document = new HostColors(null, image.Exponent);
        var srgb = new HostColors(null, 1);
        byte[] region = new byte[width * height * 4];
        for (int y = 0; y < height; y++)
            image.Bytes.Slice(((top + y) * image.Width + left) * 4, width * 4).CopyTo(region.AsSpan(y * width * 4));
        Convert(region, document, srgb);

        byte[] restored = new byte[region.Length * scale * scale];
        var request = new RestoreRequest
        {
            Width = width,
            Height = height,
            Layout = PixelLayout.Bgra32,
            // The dialog's default.
            Model = "auto",
            Upscale = scale,
        };
        using (
            RestoredPixels result = await client
                .RestoreAsync(request, (row, rows) => region.AsSpan(row * width * 4, rows.Length).CopyTo(rows))
                .ConfigureAwait(false)
        )
            result.Read((row, rows) => rows.CopyTo(restored.AsSpan(row * width * scale * 4)));
        byte[] small = scale == 1 ? restored : Halved(restored, width, height);
        Convert(small, srgb, document);

        var given = (ColorBgra32[])image.Pixels.Clone();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y * width + x) * 4, target = (top + y) * image.Width + left + x;
                uint before = image.Pixels[target].Bgra;
                uint mixed = before & 0xFF000000;
                for (int c = 0; c < 3; c++)
                    mixed |=
                        (uint)Math.Floor((small[at + c] * strength + ((before >> (8 * c)) & 255) * (100 - strength)) / 100.0 + 0.5)
                        << (8 * c);
                given[target] = new(mixed);
            }
        }
        return image.With(given);
    }

    private static void Convert(byte[] pixels, HostColors from, HostColors to)
    {
        if (from.Equals(to))
            return;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 4 == 3 ? pixels[i] : from.To(to, pixels[i]);
    }

    /// <summary>Means of four pixels, weighted by alpha.</summary>
    private static byte[] Halved(byte[] large, int width, int height)
    {
        byte[] small = new byte[width * height * 4];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int[] four =
                [
                    (2 * y * 2 * width + 2 * x) * 4, (2 * y * 2 * width + 2 * x + 1) * 4, ((2 * y + 1) * 2 * width + 2 * x) * 4,
                    ((2 * y + 1) * 2 * width + 2 * x + 1) * 4,
                ];
                double alpha = four.Sum(at => large[at + 3]);
                for (int c = 0; c < 3; c++)
                {
                    double mean = alpha == 0 ? four.Average(at => large[at + c]) : four.Sum(at => large[at + c] * large[at + 3]) / alpha;
                    small[(y * width + x) * 4 + c] = (byte)Math.Floor(mean + 0.5);
                }
            }
        }
        return small;
    }
}
