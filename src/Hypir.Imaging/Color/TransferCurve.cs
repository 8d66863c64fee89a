namespace Hypir.Imaging.Color;

/// <summary>How light follows from a sample: a power of it, or the power of a linear function with a straight piece below a threshold.</summary>
/// <param name="Gamma">The exponent.</param>
/// <param name="Slope">What a sample is multiplied by before the power …</param>
/// <param name="Offset">… and what is added.</param>
/// <param name="Linear">Slope of the straight piece.</param>
/// <param name="Threshold">Where the straight piece ends; 0 without one.</param>
internal sealed record TransferCurve(double Gamma, double Slope = 1, double Offset = 0, double Linear = 0, double Threshold = 0)
{
    /// <summary>The curve of sRGB (IEC 61966-2-1).</summary>
    internal static TransferCurve Srgb { get; } = new(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);

    /// <summary>The curve of video (ITU-R BT.709, BT.2020).</summary>
    internal static TransferCurve Video { get; } = new(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081);
}
