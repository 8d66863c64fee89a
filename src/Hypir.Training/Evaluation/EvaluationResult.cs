using Hypir.Imaging;
using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Evaluation;

/// <summary>The results of all candidates on all pairs.</summary>
/// <param name="Candidates">The candidates; the first is the input.</param>
/// <param name="Pairs">The pairs.</param>
/// <param name="Results">By candidate, then by pair.</param>
internal sealed record EvaluationResult(
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<EvaluationPair> Pairs, IReadOnlyList<IReadOnlyList<CandidateResult>> Results)
{
    /// <summary>A candidate's mean over all pairs.</summary>
    public Quality Mean(int candidate) => Quality.Mean([.. Results[candidate].Select(result => result.Quality)]);
}

/// <summary>The result of one candidate on one pair.</summary>
/// <param name="Quality">Its figures.</param>
/// <param name="Seconds">Restoration time; 0 for the input.</param>
/// <param name="Preview">A small version of the image; null if not shown.</param>
internal sealed record CandidateResult(Quality Quality, double Seconds, Preview? Preview);

/// <summary>The similarity of an image to the true one.</summary>
/// <param name="Psnr">Peak signal-to-noise ratio, decibels.</param>
/// <param name="Ssim">Structural similarity, at most 1.</param>
/// <param name="ColorShift">CIE 1976 difference of mean colors.</param>
/// <param name="Lpips">Learned perceptual distance, lower is better; null if its weights are not installed.</param>
public sealed record Quality(double Psnr, double Ssim, double ColorShift, double? Lpips)
{
    /// <summary>The mean of several.</summary>
    /// <param name="all">At least one, all with LPIPS or all without.</param>
    public static Quality Mean(IReadOnlyCollection<Quality> all) =>
        new(
            all.Average(one => one.Psnr), all.Average(one => one.Ssim), all.Average(one => one.ColorShift),
            all.All(one => one.Lpips is not null) ? all.Average(one => one.Lpips!.Value) : null);
}

/// <summary>Similarity to the true image, by metrics without a network.</summary>
public static class Metrics
{
    // Wang, Bovik, Sheikh, Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004: an 11-wide
    // Gaussian window, and constants that stabilize quotients in dark or flat areas.
    private const int Window = 11;
    private const double Sigma = 1.5, C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>Identical images would have an infinite value; this finite one stands for it.</summary>
    private const double MostDecibels = 100;

    /// <summary>Peak signal-to-noise ratio over all channels.</summary>
    /// <param name="image">(3, H, W) in [0, 1].</param>
    /// <param name="truth">The same shape.</param>
    /// <returns>Decibels, at most 100.</returns>
    public static double Psnr(Tensor image, Tensor truth)
    {
        using var scope = NewDisposeScope();
        double error = (image.to(float64) - truth.to(float64)).Squared().mean().item<double>();
        return Math.Min(MostDecibels, -10 * Math.Log10(error));
    }

    /// <summary>Structural similarity: the mean over all channels and all positions where the window lies inside the image.</summary>
    /// <param name="image">(3, H, W) in [0, 1].</param>
    /// <param name="truth">The same shape.</param>
    /// <returns>At most 1. Images smaller than the window use a window of their size.</returns>
    public static double Ssim(Tensor image, Tensor truth)
    {
        using var scope = NewDisposeScope();
        Tensor x = image.to(float64).unsqueeze(1), y = truth.to(float64).unsqueeze(1);
        Tensor meanX = Blur(x), meanY = Blur(y);
        // Variances about the means; rounding must not make them negative.
        Tensor varianceX = Blur(x * x) - meanX * meanX, varianceY = Blur(y * y) - meanY * meanY, covariance = Blur(x * y) - meanX * meanY;
        var similarity = (meanX.Times(2) * meanY).Plus(C1) * covariance.Times(2).Plus(C2)
            / ((meanX * meanX).Plus(meanY * meanY).Plus(C1) * varianceX.Plus(varianceY).Plus(C2));
        return similarity.mean().item<double>();
    }

    /// <summary>Distance of mean colors: the tint added by a restorer.</summary>
    /// <param name="image">(3, H, W), sRGB in [0, 1].</param>
    /// <param name="truth">The same shape.</param>
    /// <returns>CIE 1976 color difference of the mean colors of the two.</returns>
    public static double ColorShift(Tensor image, Tensor truth)
    {
        using var scope = NewDisposeScope();
        return (Lab(image.to(float64).mean([1, 2])) - Lab(truth.to(float64).mean([1, 2]))).norm().item<double>();
    }

    private static Tensor Blur(Tensor planes)
    {
        long height = planes.shape[2], width = planes.shape[3];
        return nn.functional.conv2d(nn.functional.conv2d(planes, Taps(height).reshape(1, 1, -1, 1)), Taps(width).reshape(1, 1, 1, -1));
    }

    private static Tensor Taps(long room)
    {
        long width = Math.Min(Window, room);
        var at = TensorMath.Range(width, float64).Minus((width - 1) / 2.0);
        var taps = (-(at * at)).DividedBy(2 * Sigma * Sigma).exp();
        return taps / taps.sum();
    }

    /// <summary>CIE L*a*b* under D65 of one sRGB color.</summary>
    private static Tensor Lab(Tensor rgb)
    {
        var linear = where(rgb.IsAbove(0.04045), rgb.Plus(0.055).DividedBy(1.055).ToPower(2.4), rgb.DividedBy(12.92));
        using var matrix = tensor(
            new[,]
            {
                { 0.4124564, 0.3575761, 0.1804375 },
                { 0.2126729, 0.7151522, 0.0721750 },
                { 0.0193339, 0.1191920, 0.9503041 },
            }
        );
        // The row sums are the white point, so that gray is exactly neutral.
        var xyz = matrix.matmul(linear) / matrix.sum(1);
        var root = where(xyz.IsAbove(216.0 / 24389), xyz.ToPower(1.0 / 3), xyz.Times(24389.0 / 27).Plus(16).DividedBy(116));
        return stack([root[1].Times(116).Minus(16), (root[0] - root[1]).Times(500), (root[1] - root[2]).Times(200)]);
    }
}
