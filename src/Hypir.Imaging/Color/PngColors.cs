namespace Hypir.Imaging.Color;

/// <summary>
/// Color information of a PNG file without an ICC profile: the chunks cICP, sRGB, gAMA and cHRM (PNG 3, section 11.3.2).
/// </summary>
internal sealed class PngColors
{
    private const double SrgbGamma = 0.45455, GammaTolerance = 0.005;

    /// <summary>Primaries and transfer function as ITU-T H.273 code points; null without a cICP chunk.</summary>
    internal (int Primaries, int Transfer)? Coded { get; set; }

    /// <summary>Whether the file declares itself sRGB.</summary>
    internal bool IsSrgb { get; set; }

    /// <summary>The exponent from light to samples; null without a gAMA chunk.</summary>
    internal double? Gamma { get; set; }

    /// <summary>White, red, green, blue; null without a cHRM chunk.</summary>
    internal Chromaticity[]? Primaries { get; set; }

    /// <summary>Whether cICP names a transfer function of high dynamic range (PQ, HLG), which is not converted.</summary>
    internal bool IsHighDynamicRange => Coded is { Transfer: 16 or 18 };

    /// <summary>The color space that cICP names; null if it is unknown.</summary>
    internal RgbSpace? CodedSpace
    {
        get
        {
            if (Coded is not { } coded || OfPrimaries(coded.Primaries) is not { } space || OfTransfer(coded.Transfer) is not { } curve)
                return null;
            return space with { Name = $"H.273 {coded.Primaries}/{coded.Transfer}", Curve = curve };
        }
    }

    /// <summary>The color space that gAMA and cHRM describe; null if they describe sRGB or nothing.</summary>
    internal RgbSpace? DescribedSpace
    {
        get
        {
            if (IsSrgb || (Gamma is null && Primaries is null))
                return null;
            var space = Primaries is [var white, var red, var green, var blue]
                ? RgbSpace.Srgb with
                {
                    White = white,
                    Red = red,
                    Green = green,
                    Blue = blue,
                }
                : RgbSpace.Srgb;
            // Writers of sRGB that predate its chunk give the power closest to its curve.
            var curve =
                Gamma is { } gamma && Math.Abs(gamma - SrgbGamma) > GammaTolerance ? new TransferCurve(1 / gamma) : TransferCurve.Srgb;
            return curve == TransferCurve.Srgb && space.HasPrimariesOf(RgbSpace.Srgb)
                ? null
                : space with
                {
                    Name = "PNG gAMA and cHRM",
                    Curve = curve,
                };
        }
    }

    private static RgbSpace? OfPrimaries(int number) => number switch
    {
        1 => RgbSpace.Srgb,
        5 => RgbSpace.Srgb with { Green = new(0.29, 0.60) },
        6 or 7 => RgbSpace.Srgb with { Red = new(0.630, 0.340), Green = new(0.310, 0.595), Blue = new(0.155, 0.070) },
        9 => RgbSpace.Srgb with { Red = new(0.708, 0.292), Green = new(0.170, 0.797), Blue = new(0.131, 0.046) },
        11 => RgbSpace.Srgb with { Red = new(0.680, 0.320), Green = new(0.265, 0.690), White = new(0.314, 0.351) },
        12 => RgbSpace.Srgb with { Red = new(0.680, 0.320), Green = new(0.265, 0.690) },
        _ => null,
    };

    private static TransferCurve? OfTransfer(int number) => number switch
    {
        1 or 6 or 14 or 15 => TransferCurve.Video,
        4 => new(2.2),
        5 => new(2.8),
        8 => new(1),
        13 => TransferCurve.Srgb,
        _ => null,
    };
}
