namespace Hypir.Training.Evaluation;

/// <summary>How much a picture is like the true one.</summary>
/// <param name="Psnr">Peak signal-to-noise ratio, decibels.</param>
/// <param name="Ssim">Structural similarity, at most 1.</param>
/// <param name="ColourShift">CIE 1976 difference of mean colours.</param>
/// <param name="Lpips">Learned perceptual distance, lower is better; null where its weights are not at hand.</param>
public sealed record Quality(double Psnr, double Ssim, double ColourShift, double? Lpips)
{
    /// <summary>The mean of several.</summary>
    /// <param name="all">At least one, all with LPIPS or all without.</param>
    public static Quality Mean(IReadOnlyCollection<Quality> all) => new(all.Average(one => one.Psnr), all.Average(one => one.Ssim), all.Average(one => one.ColourShift),
        all.All(one => one.Lpips is not null) ? all.Average(one => one.Lpips!.Value) : null);
}
