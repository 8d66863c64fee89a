using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Config;

/// <summary>
/// The keys of resizing, noise, JPEG and sharpening, below <c>batch_transform.params</c>; those of the second stage end in 2.
/// </summary>
internal static class StageKeys
{
    private const string Amounts = "two numbers of 0 or more, the lower first";

    private static readonly ConfigValue<ValueRange> Amount = ConfigValues.Range(range => range.Low >= 0, Amounts);

    /// <summary>The keys of one stage.</summary>
    /// <param name="suffix">"" or "2".</param>
    public static IReadOnlyList<ConfigKey<StageRanges>> Of(string suffix) =>
        [
            ConfigKey.Of<StageRanges, IReadOnlyList<double>>(
                "resize_prob" + suffix, "up, down, keep", ConfigValues.Shares(3, "three probabilities (up, down, keep) that sum to 1"),
                stage => stage.ResizeProbabilities, (stage, value) => stage with { ResizeProbabilities = value }),
            ConfigKey.Of<StageRanges, ValueRange>(
                "resize_range" + suffix,
                "factors: from the first to 1 going down, from 1 to the second going up",
                ConfigValues.Range(
                    range => range is { Low: > 0 and <= 1, High: >= 1 and <= 16 },
                    "two numbers, the first above 0 and at most 1, the second from 1 to 16"),
                stage => stage.Resize,
                (stage, value) => stage with { Resize = value }
            ),
            ConfigKey.Of<StageRanges, double>(
                "noise_prob" + suffix, "probability of noise", ConfigValues.Probability, stage => stage.NoiseProbability,
                (stage, value) => stage with { NoiseProbability = value }),
            ConfigKey.Of<StageRanges, double>(
                "gaussian_noise_prob" + suffix, "probability that noise is Gaussian; else Poisson", ConfigValues.Probability,
                stage => stage.GaussianProbability, (stage, value) => stage with { GaussianProbability = value }),
            ConfigKey.Of<StageRanges, ValueRange>(
                "noise_range" + suffix, "standard deviations of Gaussian noise, of 255", Amount, stage => stage.Gaussian,
                (stage, value) => stage with { Gaussian = value }),
            ConfigKey.Of<StageRanges, ValueRange>(
                "poisson_scale_range" + suffix, "strengths of Poisson noise; 1 is the physical one", Amount, stage => stage.Poisson,
                (stage, value) => stage with { Poisson = value }),
            ConfigKey.Of<StageRanges, double>(
                "gray_noise_prob" + suffix, "probability that noise is gray", ConfigValues.Probability, stage => stage.GreyProbability,
                (stage, value) => stage with { GreyProbability = value }),
            ConfigKey.Of<StageRanges, double>(
                "jpeg_prob" + suffix, "probability of JPEG compression", ConfigValues.Probability, stage => stage.JpegProbability,
                (stage, value) => stage with { JpegProbability = value }),
            ConfigKey.Of<StageRanges, ValueRange>(
                "jpeg_range" + suffix,
                "JPEG qualities",
                ConfigValues.Range(
                    range => range is { Low: >= 1, High: <= 99.9 },
                    "two numbers from 1 to 99.9, the lower first (at 100 there is nothing left to divide by)"),
                stage => stage.Quality,
                (stage, value) => stage with { Quality = value }
            ),
        ];

    /// <summary>The keys of sharpening besides the switch.</summary>
    public static IReadOnlyList<ConfigKey<SharpenSettings>> Sharpen { get; } =
    [
        ConfigKey.Of<SharpenSettings, long>("usm_radius", "width of the sharpener's Gaussian window in pixels",
            ConfigValues.Whole(3, 1001, "an odd number from 3 to 1001").Where(width => width % 2 == 1, "an odd number from 3 to 1001"),
            usm => usm.Radius, (usm, value) => usm with { Radius = (int)value }),
        ConfigKey.Of<SharpenSettings, double>("usm_sigma", "its standard deviation; 0 takes 0.3 ((width - 1) / 2 - 1) + 0.8",
            ConfigValues.Number(0, 1000, "a number of 0 or more"), usm => usm.Sigma, (usm, value) => usm with { Sigma = value }),
        ConfigKey.Of<SharpenSettings, double>("usm_weight", "share of the difference that is added",
            ConfigValues.Number(0, 100, "a number of 0 or more"), usm => usm.Weight, (usm, value) => usm with { Weight = value }),
        ConfigKey.Of<SharpenSettings, double>("usm_threshold", "differences up to this many of 255 levels are ignored",
            ConfigValues.Number(0, 255, "a number from 0 to 255"), usm => usm.Threshold, (usm, value) => usm with { Threshold = value }),
    ];
}

/// <summary>The keys of blur kernels, below <c>dataset.params</c>; those of the second stage end in 2.</summary>
internal static class BlurKeys
{
    private const string Angles = "two numbers in radians, the lower first";
    private const string Cutoffs = "two numbers above 0 and at most 3.1416, the lower first";
    private const string Betas = "two numbers above 0, the first at most 1 and the second at least 1";

    private static readonly ConfigValue<ValueRange> Cutoff = ConfigValues.Range(range => range is { Low: > 0, High: <= 3.1416 }, Cutoffs);
    private static readonly ConfigValue<ValueRange> Beta = ConfigValues.Range(range => range is { Low: > 0 and <= 1, High: >= 1 }, Betas);

    /// <summary>The keys of one stage.</summary>
    /// <param name="suffix">"" or "2".</param>
    public static IReadOnlyList<ConfigKey<BlurRanges>> Of(string suffix) =>
        [
            ConfigKey.Of<BlurRanges, long>(
                "blur_kernel_size" + suffix,
                "side of the square that kernels are zero-padded to",
                ConfigValues
                    .Whole(1, 255, "an odd number from 1 to 255, not below the sizes drawn")
                    .Where(side => side % 2 == 1, "an odd number from 1 to 255, not below the sizes drawn"),
                blur => blur.Side,
                (blur, value) => blur with { Side = (int)value }
            ),
            ConfigKey.Of<BlurRanges, double>(
                "blur_prob" + suffix, "probability of blur", ConfigValues.Probability, blur => blur.Probability,
                (blur, value) => blur with { Probability = value }),
            ConfigKey.Of<BlurRanges, IReadOnlyList<KernelKind>>(
                "kernel_list" + suffix,
                "kinds of kernel to draw from when it is not a sinc",
                ConfigValues
                    .Choices<KernelKind>("a list of iso, aniso, generalized_iso, generalized_aniso, plateau_iso, plateau_aniso")
                    .Where(
                        kinds => kinds.All(kind => kind <= KernelKind.PlateauAniso),
                        "a list of iso, aniso, generalized_iso, generalized_aniso, plateau_iso, plateau_aniso"),
                blur => blur.Kinds,
                (blur, value) => blur with { Kinds = value }
            ),
            ConfigKey.Of<BlurRanges, IReadOnlyList<double>>(
                "kernel_prob" + suffix, "probability of each kind, sum 1",
                ConfigValues.Shares(null, "a list of probabilities, one for each kind, that sum to 1"), blur => blur.KindProbabilities,
                (blur, value) => blur with { KindProbabilities = value }),
            ConfigKey.Of<BlurRanges, double>(
                "sinc_prob" + suffix, "probability of a sinc instead of the other kinds", ConfigValues.Probability,
                blur => blur.SincProbability, (blur, value) => blur with { SincProbability = value }),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "blur_sigma" + suffix, "standard deviations in pixels",
                ConfigValues.Range(range => range.Low > 0, "two numbers above 0, the lower first"), blur => blur.Sigma,
                (blur, value) => blur with { Sigma = value }),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "betag_range" + suffix, "powers of generalized kernels", Beta, blur => blur.GeneralizedBeta,
                (blur, value) => blur with { GeneralizedBeta = value }),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "betap_range" + suffix, "powers of plateau kernels", Beta, blur => blur.PlateauBeta,
                (blur, value) => blur with { PlateauBeta = value }),
            ConfigKey.Of<BlurRanges, double>(
                "beta_below_one_prob" + suffix, "probability that a power is below 1, not above", ConfigValues.Probability,
                blur => blur.BetaBelowOneProbability, (blur, value) => blur with { BetaBelowOneProbability = value }),
            ConfigKey.Of<BlurRanges, SizeRange>(
                "kernel_size_range" + suffix, "odd sizes, all equally likely", ConfigValues.Sizes, blur => blur.Sizes,
                (blur, value) => blur with { Sizes = value }),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "rotation_range" + suffix, "angles of elliptical kernels in radians", ConfigValues.Range(_ => true, Angles),
                blur => blur.Rotation, (blur, value) => blur with { Rotation = value }),
            ConfigKey.Of<BlurRanges, long>(
                "sinc_large_from" + suffix,
                "size from which a sinc counts as large",
                ConfigValues.Whole(1, 1000, "a whole number above 0"),
                blur => blur.SincLargeFrom,
                (blur, value) => blur with { SincLargeFrom = (int)value }
            ),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "sinc_cutoff_small" + suffix, "cut-offs of small sincs in radians a pixel: pi/3 to pi", Cutoff,
                blur => blur.SincCutoffSmall, (blur, value) => blur with { SincCutoffSmall = value }),
            ConfigKey.Of<BlurRanges, ValueRange>(
                "sinc_cutoff_large" + suffix, "cut-offs of large sincs: pi/5 to pi", Cutoff, blur => blur.SincCutoffLarge,
                (blur, value) => blur with { SincCutoffLarge = value }),
        ];

    /// <summary>The keys of the last filter.</summary>
    public static IReadOnlyList<ConfigKey<FinalSincRanges>> Final { get; } =
    [
        ConfigKey.Of<FinalSincRanges, double>("final_sinc_prob", "probability of a last filter", ConfigValues.Probability,
            sinc => sinc.Probability, (sinc, value) => sinc with { Probability = value }),
        ConfigKey.Of<FinalSincRanges, SizeRange>("final_sinc_size_range", "its odd sizes", ConfigValues.Sizes,
            sinc => sinc.Sizes, (sinc, value) => sinc with { Sizes = value }),
        ConfigKey.Of<FinalSincRanges, ValueRange>("final_sinc_cutoff", "its cut-offs in radians a pixel: pi/3 to pi", Cutoff,
            sinc => sinc.Cutoff, (sinc, value) => sinc with { Cutoff = value }),
    ];
}
