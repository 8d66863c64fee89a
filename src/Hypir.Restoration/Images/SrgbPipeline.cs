using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>Turns an opened image of any colour model into sRGB samples (3 bands, 4 with alpha) without computing any yet.</summary>
internal static class SrgbPipeline
{
    /// <summary>Whether the image has more bands than its colours need.</summary>
    internal static bool HasAlpha(Image image) => image.Bands > ColourBands(image);

    /// <summary>The pipeline; the caller owns it, the image stays his too.</summary>
    internal static Image Make(Image image)
    {
        int colours = ColourBands(image);
        using var colour = image.ExtractBand(0, n: colours);
        using var rgb = colours switch
        {
            1 => colour.Bandjoin(colour, colour),
            4 => FromCmyk(colour),
            _ => colour.Copy(),
        };
        if (!HasAlpha(image))
            return rgb.Copy();
        // Files may have more than one extra channel: the first is alpha.
        using var alpha = image.ExtractBand(colours);
        return rgb.Bandjoin(alpha);
    }

    private static int ColourBands(Image image) => image switch
    {
        { Bands: < 3 } => 1,
        { Bands: >= 4, Interpretation: Enums.Interpretation.Cmyk } => 4,
        _ => 3,
    };

    private static Image FromCmyk(Image cmyk)
    {
        int depth = cmyk.Format == Enums.BandFormat.Ushort ? 16 : 8;
        using var neutral = cmyk.IccImport(inputProfile: "cmyk");
        return neutral.IccExport(outputProfile: "srgb", depth: depth);
    }
}
