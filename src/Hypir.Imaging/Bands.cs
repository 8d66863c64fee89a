using System.Globalization;
using Hypir.Imaging.Formats;
using NetVips;

namespace Hypir.Imaging;

/// <summary>Which bands of a decoded image are colors, and which is transparency.</summary>
/// <param name="Colors">Bands of color, from the first on: 1, 3 or 4.</param>
/// <param name="Alpha">The band of transparency; null without one.</param>
/// <param name="Note">What a person should know about it, or null.</param>
internal sealed record Bands(int Colors, int? Alpha, string? Note = null)
{
    /// <summary>The bands of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="page">The layout of the TIFF page that it was read from; null for the other formats.</param>
    internal static Bands Of(Image image, TiffLayout? page)
    {
        if (page is not null && page.Photometric != TiffLayout.Palette && image.Bands == page.Samples)
            return OfTiff(page);
        int colors = image switch { { Bands: < 3 } => 1, { Bands: > 3, Interpretation: Enums.Interpretation.Cmyk } => 4, _ => 3 };
        // Where libvips leaves a page to libtiff, a fourth band is there and means nothing.
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

    private static string Dropped(int count) => count == 1
        ? "The file has a further sample per pixel that is not transparency (infrared, a saved selection); it was not kept."
        : string.Create(CultureInfo.InvariantCulture, $"The file has {count} further samples per pixel that are not transparency (infrared, saved selections); they were not kept.");
}
