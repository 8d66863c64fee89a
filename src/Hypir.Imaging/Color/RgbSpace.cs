namespace Hypir.Imaging.Color;

/// <summary>An RGB color space by its primaries, white, and curve.</summary>
internal sealed record RgbSpace(string Name, Chromaticity Red, Chromaticity Green, Chromaticity Blue, Chromaticity White, TransferCurve Curve)
{
    private const double Close = 0.002;

    /// <summary>White of daylight at 6500 K.</summary>
    internal static Chromaticity D65 { get; } = new(0.3127, 0.3290);

    /// <summary>sRGB (IEC 61966-2-1).</summary>
    internal static RgbSpace Srgb { get; } = new("sRGB", new(0.64, 0.33), new(0.30, 0.60), new(0.15, 0.06), D65, TransferCurve.Srgb);

    /// <summary>The color space that cameras mean by DCF option R03, with the published numbers of Adobe RGB (1998).</summary>
    internal static RgbSpace AdobeRgb { get; } =
        Srgb with { Name = "Compatible with Adobe RGB (1998)", Green = new(0.21, 0.71), Curve = new(563 / 256.0) };

    /// <summary>Whether the primaries and white are those of another space, within what files round to.</summary>
    internal bool HasPrimariesOf(RgbSpace other) => Near(Red, other.Red) && Near(Green, other.Green) && Near(Blue, other.Blue) && Near(White, other.White);

    /// <summary>An ICC profile of the space; null if its primaries span none.</summary>
    internal IccProfile? ToProfile() => IccBuilder.Build(this) is { } bytes ? IccProfile.Parse(bytes) : null;

    private static bool Near(Chromaticity a, Chromaticity b) => Math.Abs(a.X - b.X) < Close && Math.Abs(a.Y - b.Y) < Close;
}
