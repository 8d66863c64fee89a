namespace Hypir.Imaging.Color;

/// <summary>An RGB color space, defined by its primaries, white point and transfer curve.</summary>
internal sealed record RgbSpace(
    string Name, Chromaticity Red, Chromaticity Green, Chromaticity Blue, Chromaticity White, TransferCurve Curve)
{
    private const double Close = 0.002;

    /// <summary>The D65 white point (daylight at 6500 K).</summary>
    internal static Chromaticity D65 { get; } = new(0.3127, 0.3290);

    /// <summary>sRGB (IEC 61966-2-1).</summary>
    internal static RgbSpace Srgb { get; } = new("sRGB", new(0.64, 0.33), new(0.30, 0.60), new(0.15, 0.06), D65, TransferCurve.Srgb);

    /// <summary>The color space of DCF option file R03, with the published numbers of Adobe RGB (1998).</summary>
    internal static RgbSpace AdobeRgb { get; } =
        Srgb with { Name = "Compatible with Adobe RGB (1998)", Green = new(0.21, 0.71), Curve = new(563 / 256.0) };

    /// <summary>Whether the primaries and white point equal those of another space, within the rounding used in files.</summary>
    internal bool HasPrimariesOf(RgbSpace other) =>
        Near(Red, other.Red) && Near(Green, other.Green) && Near(Blue, other.Blue) && Near(White, other.White);

    /// <summary>An ICC profile of the space; null if its primaries are degenerate.</summary>
    internal IccProfile? ToProfile() => IccBuilder.Build(this) is { } bytes ? IccProfile.Parse(bytes) : null;

    private static bool Near(Chromaticity a, Chromaticity b) => Math.Abs(a.X - b.X) < Close && Math.Abs(a.Y - b.Y) < Close;
}

/// <summary>A point of the CIE 1931 chromaticity diagram.</summary>
internal readonly record struct Chromaticity(double X, double Y);

/// <summary>
/// The transfer curve from samples to light: a power, or a power of a linear function with a linear segment below a threshold.
/// </summary>
/// <param name="Gamma">The exponent.</param>
/// <param name="Slope">Factor applied to a sample before the power.</param>
/// <param name="Offset">Offset added after that factor.</param>
/// <param name="Linear">Slope of the linear segment.</param>
/// <param name="Threshold">End of the linear segment; 0 if there is none.</param>
internal sealed record TransferCurve(double Gamma, double Slope = 1, double Offset = 0, double Linear = 0, double Threshold = 0)
{
    /// <summary>The curve of sRGB (IEC 61966-2-1).</summary>
    internal static TransferCurve Srgb { get; } = new(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);

    /// <summary>The curve of video (ITU-R BT.709, BT.2020).</summary>
    internal static TransferCurve Video { get; } = new(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081);
}
