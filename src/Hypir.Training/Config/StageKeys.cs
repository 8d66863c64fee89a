


using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Config;

/// <summary>The keys of resizing, noise, JPEG and sharpening, below <c>batch_transform.params</c>; those of the second stage end in 2.</summary>
internal static class StageKeys
{
    private const string Amounts = "two numbers of 0 or more, the lower first";

    private static readonly ConfigValue<ValueRange> Amount = ConfigValues.Range(range => range.Low >= 0, Amounts);

    /// <summary>The keys of one stage.</summary>
    /// <param name="suffix">"" or "2".</param>
    public static IReadOnlyList<ConfigKey<StageRanges>> Of(string suffix) =>
    [
        ConfigKey.Of<StageRanges, IReadOnlyList<double>>("resize_prob" + suffix, "up, down, keep",
            ConfigValues.Shares(3, "three probabilities (up, down, keep) that sum to 1"),
            stage => stage.ResizeProbabilities, (stage, value) => stage with { ResizeProbabilities = value }),
        ConfigKey.Of<StageRanges, ValueRange>("resize_range" + suffix, "factors: from the first to 1 going down, from 1 to the second going up",
            ConfigValues.Range(range => range is { Low: > 0 and <= 1, High: >= 1 and <= 16 }, "two numbers, the first above 0 and at most 1, the second from 1 to 16"),
            stage => stage.Resize, (stage, value) => stage with { Resize = value }),
        ConfigKey.Of<StageRanges, double>("noise_prob" + suffix, "how often a picture gets noise", ConfigValues.Probability,
            stage => stage.NoiseProbability, (stage, value) => stage with { NoiseProbability = value }),
        ConfigKey.Of<StageRanges, double>("gaussian_noise_prob" + suffix, "how often noise is Gaussian; else Poisson", ConfigValues.Probability,
            stage => stage.GaussianProbability, (stage, value) => stage with { GaussianProbability = value }),
        ConfigKey.Of<StageRanges, ValueRange>("noise_range" + suffix, "standard deviations of Gaussian noise, of 255", Amount,
            stage => stage.Gaussian, (stage, value) => stage with { Gaussian = value }),
        ConfigKey.Of<StageRanges, ValueRange>("poisson_scale_range" + suffix, "strengths of Poisson noise; 1 is the physical one", Amount,
            stage => stage.Poisson, (stage, value) => stage with { Poisson = value }),
        ConfigKey.Of<StageRanges, double>("gray_noise_prob" + suffix, "how often noise is grey", ConfigValues.Probability,
            stage => stage.GreyProbability, (stage, value) => stage with { GreyProbability = value }),
        ConfigKey.Of<StageRanges, double>("jpeg_prob" + suffix, "how often a picture is compressed", ConfigValues.Probability,
            stage => stage.JpegProbability, (stage, value) => stage with { JpegProbability = value }),
        ConfigKey.Of<StageRanges, ValueRange>("jpeg_range" + suffix, "JPEG qualities",
            ConfigValues.Range(range => range is { Low: >= 1, High: <= 99.9 }, "two numbers from 1 to 99.9, the lower first (at 100 there is nothing left to divide by)"),
            stage => stage.Quality, (stage, value) => stage with { Quality = value }),
    ];

    /// <summary>The keys of sharpening besides the switch.</summary>
    public static IReadOnlyList<ConfigKey<SharpenSettings>> Sharpen { get; } =
    [
        ConfigKey.Of<SharpenSettings, long>("usm_radius", "width of the sharpener's Gaussian window in pixels",
            ConfigValues.Whole(3, 1001, "an odd number from 3 to 1001").Where(width => width % 2 == 1, "an odd number from 3 to 1001"),
            usm => usm.Radius, (usm, value) => usm with { Radius = (int)value }),
        ConfigKey.Of<SharpenSettings, double>("usm_sigma", "its standard deviation; 0 takes 0.3 ((width - 1) / 2 - 1) + 0.8",
            ConfigValues.Number(0, 1000, "a number of 0 or more"), usm => usm.Sigma, (usm, value) => usm with { Sigma = value }),
        ConfigKey.Of<SharpenSettings, double>("usm_weight", "how much of the difference is added",
            ConfigValues.Number(0, 100, "a number of 0 or more"), usm => usm.Weight, (usm, value) => usm with { Weight = value }),
        ConfigKey.Of<SharpenSettings, double>("usm_threshold", "differences up to this many of 255 levels are left alone",
            ConfigValues.Number(0, 255, "a number from 0 to 255"), usm => usm.Threshold, (usm, value) => usm with { Threshold = value }),
    ];
}
