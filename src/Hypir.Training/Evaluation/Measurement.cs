using System.Globalization;

namespace Hypir.Training.Evaluation;

/// <summary>A measurement during a run.</summary>
/// <param name="Quality">The mean over all images.</param>
/// <param name="Gains">
/// For photos, the mean gain of each kind of damage over the input in dB, and for undamaged ones the PSNR of the result; else empty.
/// </param>
internal sealed record Measurement(Quality Quality, IReadOnlyList<(string Kind, double Decibels)> Gains)
{
    /// <summary>The kind of images without damage.</summary>
    public const string Undamaged = "undamaged";

    /// <summary>What the best checkpoint has the most of: the mean gain over the kinds of damage, or the PSNR.</summary>
    public double Score => Damaged.Select(gain => gain.Decibels).DefaultIfEmpty(Quality.Psnr).Average();

    private IEnumerable<(string Kind, double Decibels)> Damaged => Gains.Where(gain => gain.Kind != Undamaged);

    /// <summary>The figures for the log, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures
    {
        get
        {
            var figures = new Dictionary<string, double>
            {
                ["validation/psnr"] = Quality.Psnr,
                ["validation/ssim"] = Quality.Ssim,
                ["validation/colour_shift"] = Quality.ColorShift,
            };
            if (Quality.Lpips is { } lpips)
                figures["validation/lpips"] = lpips;
            foreach (var (kind, decibels) in Gains)
                figures[$"validation/{kind}"] = decibels;
            if (Gains.Count > 0)
                figures["validation/gain"] = Score;
            return figures;
        }
    }

    /// <summary>One line for the user.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Quality.Psnr:0.00} dB, SSIM {Quality.Ssim:0.0000}")
        + string.Concat(Damaged.Select(gain => string.Create(CultureInfo.InvariantCulture, $", {gain.Kind} {gain.Decibels:+0.00;-0.00}")))
        + string.Concat(Gains.Except(Damaged).Select(gain =>
            string.Create(CultureInfo.InvariantCulture, $", {gain.Kind} {gain.Decibels:0.00} dB")));
}
