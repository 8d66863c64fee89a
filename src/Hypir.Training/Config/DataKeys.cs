using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Ranges;
using Hypir.Training.Photos;

namespace Hypir.Training.Config;

/// <summary>
/// Every key of a training file, in the layout of the reference's <c>sd2_train.yaml</c>. The same table is used for reading, checking, and
/// writing. Keys that the reference lacks replace its hard-coded values, which are their defaults.
/// </summary>
internal static class DataKeys
{
    private static readonly ConfigSection<DataSettings> FileMeta = new(
        "file_meta",
        [
            .. Within<ManifestSettings>(
                settings => settings.Manifest,
                (settings, manifest) => settings with { Manifest = manifest },
                [
                    ConfigKey.Of<ManifestSettings, string>(
                        "file_list", "the list of images: .parquet, .csv, .jsonl, .txt, .list, or a folder", ConfigValues.Text,
                        manifest => manifest.FileList ?? ConfigKey.Unset,
                        (manifest, value) => manifest with { FileList = value == ConfigKey.Unset ? null : value }),
                    ConfigKey.Of<ManifestSettings, string>(
                        "image_path_prefix", "the folder that its paths are relative to", ConfigValues.Text,
                        manifest => manifest.ImagePathPrefix,
                        (manifest, value) => manifest with { ImagePathPrefix = value == ConfigKey.Unset ? "" : value }),
                    ConfigKey.Of<ManifestSettings, string>(
                        "image_path_key", "its column of paths", ConfigValues.Text, manifest => manifest.ImagePathKey,
                        (manifest, value) => value is ConfigKey.Unset or "" ? manifest : manifest with { ImagePathKey = value }),
                    ConfigKey.Of<ManifestSettings, string>(
                        "prompt_key", "its column of captions, or none", ConfigValues.Text,
                        manifest => manifest.PromptKey ?? ConfigKey.Unset,
                        (manifest, value) => manifest with { PromptKey = value is ConfigKey.Unset or "" ? null : value }),
                ]
            ),
        ],
        [],
        []
    );

    private static readonly ConfigSection<DataSettings> Dataset = new(
        "dataset",
        [ConfigKey.Target<DataSettings>("HYPIR.dataset.realesrgan.RealESRGANDataset")],
        [
            new(
                "params",
                [
                    .. Within<CropSettings>(
                        settings => settings.Crop,
                        (settings, crop) => settings with { Crop = crop },
                        [
                            ConfigKey.Of<CropSettings, long>(
                                "out_size", "side of the squares that are trained on",
                                ConfigValues.Whole(1, 16384, "a whole number from 1 to 16384"), crop => crop.Size,
                                (crop, value) => crop with { Size = (int)value }),
                            ConfigKey.Of<CropSettings, CropType>(
                                "crop_type", $"{ConfigValues.Names<CropType>()}: none takes images as they are",
                                ConfigValues.Choice<CropType>(), crop => crop.Type, (crop, value) => crop with { Type = value }),
                            ConfigKey.Of<CropSettings, ValueRange>(
                                "crop_frac_range",
                                "share of the scaled image's shorter side that a random square covers",
                                ConfigValues.Range(
                                    range => range is { Low: >= 0.01, High: <= 1 }, "two numbers from 0.01 to 1, the lower first"),
                                crop => crop.Fraction,
                                (crop, value) => crop with { Fraction = value }
                            ),
                        ]
                    ),
                    .. Within<FlipSettings>(
                        settings => settings.Flips,
                        (settings, flips) => settings with { Flips = flips },
                        [
                            ConfigKey.Of<FlipSettings, bool>(
                                "use_hflip", "whether images may be flipped horizontally", ConfigValues.Flag, flips => flips.UseHorizontal,
                                (flips, value) => flips with { UseHorizontal = value }),
                            ConfigKey.Of<FlipSettings, bool>(
                                "use_rot", "whether images may be rotated", ConfigValues.Flag, flips => flips.UseRotation,
                                (flips, value) => flips with { UseRotation = value }),
                            ConfigKey.Of<FlipSettings, double>(
                                "hflip_prob", "probability of a horizontal flip", ConfigValues.Probability,
                                flips => flips.HorizontalProbability, (flips, value) => flips with { HorizontalProbability = value }),
                            ConfigKey.Of<FlipSettings, double>(
                                "vflip_prob", "probability of a vertical flip, if use_rot is true", ConfigValues.Probability,
                                flips => flips.VerticalProbability, (flips, value) => flips with { VerticalProbability = value }),
                            ConfigKey.Of<FlipSettings, double>(
                                "transpose_prob", "probability of a transposition, if use_rot is true", ConfigValues.Probability,
                                flips => flips.TransposeProbability, (flips, value) => flips with { TransposeProbability = value }),
                        ]
                    ),
                    .. Ranges(ranges => ranges.Blur1, (ranges, blur) => ranges with { Blur1 = blur }, BlurKeys.Of("")),
                    .. Ranges(ranges => ranges.Blur2, (ranges, blur) => ranges with { Blur2 = blur }, BlurKeys.Of("2")),
                    .. Ranges(ranges => ranges.FinalSinc, (ranges, sinc) => ranges with { FinalSinc = sinc }, BlurKeys.Final),
                    ConfigKey.Of<DataSettings, double>(
                        "p_empty_prompt", "probability of dropping a caption", ConfigValues.Probability,
                        settings => settings.EmptyPromptProbability, (settings, value) => settings with { EmptyPromptProbability = value }),
                ],
                [FileMeta, new("file_backend_cfg", [ConfigKey.Target<DataSettings>("HYPIR.dataset.file_backend.HardDiskBackend")], [], [])],
                []
            ),
        ],
        []
    );

    private static readonly ConfigSection<DataSettings> BatchTransform = new(
        "batch_transform",
        [ConfigKey.Target<DataSettings>("HYPIR.dataset.batch_transform.RealESRGANBatchTransform")],
        [
            new(
                "params",
                [
                    ConfigKey.Of<DataSettings, long>(
                        "queue_size", "pairs in the shuffle pool; any number, 0 for none",
                        ConfigValues.Whole(0, 1_000_000, "a whole number from 0 to 1000000"), settings => settings.QueueSize,
                        (settings, value) => settings with { QueueSize = (int)value }),
                    .. Ranges(
                        ranges => ranges,
                        (_, ranges) => ranges,
                        [
                            ConfigKey.Of<DegradationRanges, bool>(
                                "use_sharpener", "whether clean images are sharpened first", ConfigValues.Flag,
                                ranges => ranges.UseSharpener, (ranges, value) => ranges with { UseSharpener = value }),
                        ]
                    ),
                    .. Ranges(ranges => ranges.Sharpen, (ranges, sharpen) => ranges with { Sharpen = sharpen }, StageKeys.Sharpen),
                    .. Ranges(ranges => ranges.Stage1, (ranges, stage) => ranges with { Stage1 = stage }, StageKeys.Of("")),
                    .. Ranges(
                        ranges => ranges,
                        (_, ranges) => ranges,
                        [
                            ConfigKey.Of<DegradationRanges, ValueRange>(
                                "stage2_scale",
                                "how much smaller the second stage makes images: a number, or a range to draw from",
                                ConfigValues.NumberOrRange(
                                    range => range is { Low: >= 1, High: <= 64 }, "a number from 1 to 64, or two, the lower first"),
                                ranges => ranges.Stage2Scale,
                                (ranges, value) => ranges with { Stage2Scale = value }
                            ),
                            ConfigKey.Of<DegradationRanges, double>(
                                "second_blur_prob", "probability of blur in the second stage", ConfigValues.Probability,
                                ranges => ranges.SecondBlurProbability, (ranges, value) => ranges with { SecondBlurProbability = value }),
                        ]
                    ),
                    .. Ranges(ranges => ranges.Stage2, (ranges, stage) => ranges with { Stage2 = stage }, StageKeys.Of("2")),
                    .. Ranges(
                        ranges => ranges,
                        (_, ranges) => ranges,
                        [
                            ConfigKey.Of<DegradationRanges, IReadOnlyList<ResizeMode>>(
                                "resize_modes", "interpolation modes, all equally likely",
                                ConfigValues.Choices<ResizeMode>($"a list of {ConfigValues.Names<ResizeMode>()}"),
                                ranges => ranges.ResizeModes, (ranges, value) => ranges with { ResizeModes = value }),
                            ConfigKey.Of<DegradationRanges, double>(
                                "sinc_first_prob", "probability that the last filter precedes the last JPEG", ConfigValues.Probability,
                                ranges => ranges.SincFirstProbability, (ranges, value) => ranges with { SincFirstProbability = value }),
                            ConfigKey.Of<DegradationRanges, bool>(
                                "jpeg_differentiable", "whether JPEG rounds smoothly", ConfigValues.Flag,
                                ranges => ranges.DifferentiableJpeg, (ranges, value) => ranges with { DifferentiableJpeg = value }),
                            ConfigKey.Of<DegradationRanges, bool>(
                                "resize_back", "whether results are scaled back to the original size", ConfigValues.Flag,
                                ranges => ranges.ResizeBack, (ranges, value) => ranges with { ResizeBack = value }),
                        ]
                    ),
                ],
                [],
                ["hq_key", "extra_keys"]
            ),
        ],
        []
    );

    /// <summary>The data keys of a file.</summary>
    public static ConfigSection<DataSettings> File { get; } =
        new(
            "",
            [
                ConfigKey.Of<DataSettings, long>(
                    "seed", "seed of all random choices", ConfigValues.Whole(0, long.MaxValue, "a whole number of 0 or more"),
                    settings => settings.Seed, (settings, value) => settings with { Seed = value }),
            ],
            [
                new(
                    "data_config",
                    [],
                    [
                        new(
                            "train",
                            [
                                ConfigKey.Of<DataSettings, long>(
                                    "batch_size", "images degraded together",
                                    ConfigValues.Whole(1, 4096, "a whole number from 1 to 4096"), settings => settings.BatchSize,
                                    (settings, value) => settings with { BatchSize = (int)value }),
                                ConfigKey.Of<DataSettings, long>(
                                    "dataloader_num_workers", "threads that prepare images",
                                    ConfigValues.Whole(0, 256, "a whole number from 0 to 256"), settings => settings.Workers,
                                    (settings, value) => settings with { Workers = (int)value }),
                            ],
                            [Dataset, BatchTransform, PhotoKeys.Section],
                            []
                        ),
                    ],
                    []
                ),
            ],
            []
        );

    private static IEnumerable<ConfigKey<DataSettings>> Within<T>(
        Func<DataSettings, T> get, Func<DataSettings, T, DataSettings> set, IReadOnlyList<ConfigKey<T>> keys)
        where T : class => keys.Select(key => key.Within(get, set));

    private static IEnumerable<ConfigKey<DataSettings>> Ranges<T>(
        Func<DegradationRanges, T> get, Func<DegradationRanges, T, DegradationRanges> set, IReadOnlyList<ConfigKey<T>> keys)
        where T : class =>
        Within(
            settings => get(settings.Degradation), (settings, value) => settings with { Degradation = set(settings.Degradation, value) },
            keys);
}

/// <summary>The data settings of a configuration: where images come from, and how they are cropped, flipped, and degraded.</summary>
public sealed record DataSettings
{
    /// <summary>Seed of all random choices.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Number of images degraded together.</summary>
    public int BatchSize { get; init; } = 6;

    /// <summary>Number of threads that prepare images.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>The list of images.</summary>
    public ManifestSettings Manifest { get; init; } = new();

    /// <summary>Cut-outs.</summary>
    public CropSettings Crop { get; init; } = new();

    /// <summary>Flips.</summary>
    public FlipSettings Flips { get; init; } = new();

    /// <summary>Probability of dropping an image's caption.</summary>
    public double EmptyPromptProbability { get; init; }

    /// <summary>Degradation.</summary>
    public DegradationRanges Degradation { get; init; } = new();

    /// <summary>Training on photos with their own kinds of damage.</summary>
    public PhotoSettings Photos { get; init; } = new();

    /// <summary>Pairs that the shuffle pool holds; 0 for none.</summary>
    public int QueueSize { get; init; } = 256;
}
