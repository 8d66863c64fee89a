using Hypir.Imaging;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>A mask that was painted in the page: only what is painted is restored.</summary>
/// <param name="Area">The smallest rectangle of the image that contains all that is painted.</param>
/// <param name="Shares">The mask within it.</param>
internal sealed record PaintedMask(RequestArea Area, ImageMask Shares)
{
    /// <summary>The name of the file with a mask.</summary>
    public static string NameOf(UiImage image, int version) => FormattableString.Invariant($"{image.Id}-mask-{version}.png");

    /// <summary>Reads a mask. Pages paint at a lower resolution than that of large images.</summary>
    /// <param name="path">Its file, white where it is painted.</param>
    /// <param name="image">The image, in whose pixels the mask is wanted.</param>
    /// <exception cref="ImageException">It is damaged, or nothing is painted.</exception>
    public static PaintedMask Load(string path, RasterImage image)
    {
        ImageMask mask = ImageMask.Load(path);
        mask = new(image.Width, image.Height, AlphaScale.Resize(mask.Shares, 8, mask.Width, mask.Height, image.Width, image.Height));
        (int x, int y, int width, int height) = mask.Bounds();
        return new(new(x, y, width, height), mask.Cut(x, y, width, height));
    }

    /// <summary>Places a restored part in its image: 8 bits per sample, of the image's size.</summary>
    /// <param name="part">The restored area.</param>
    /// <param name="image">The image; a copy of it is changed.</param>
    public RasterImage Place(RasterImage part, RasterImage image)
    {
        byte[] rgb = [.. image.Rgb];
        for (int y = 0; y < Area.Height; y++)
        {
            for (int x = 0; x < Area.Width; x++)
            {
                // As the engine mixes a mask (StrengthBlend).
                int share = (Shares.Shares[y * Area.Width + x] * StrengthBlend.Whole + 127) / 255;
                Span<byte> target = rgb.AsSpan(3 * ((Area.Y + y) * image.Width + Area.X + x), 3);
                StrengthBlend.Blend(target, part.Rgb.AsSpan(3 * (y * Area.Width + x), 3), target, share);
            }
        }
        return image.WithColors(rgb);
    }
}
