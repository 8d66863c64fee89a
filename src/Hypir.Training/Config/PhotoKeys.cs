using Hypir.Training.Degradation.Ranges;
using Hypir.Training.Photos;

namespace Hypir.Training.Config;

/// <summary>The keys of <c>data_config.train.photos</c>.</summary>
internal static class PhotoKeys
{
    private static readonly ConfigValue<ValueRange> Factor =
        ConfigValues.Range(range => range is { Low: >= 1, High: <= 16 }, "two numbers from 1 to 16, the lower first");

    /// <summary>The section.</summary>
    public static ConfigSection<DataSettings> Section { get; } = new ConfigSection<PhotoSettings>(
        "photos",
        [
            ConfigKey.Of<PhotoSettings, bool>(
                "enabled", "whether photos get the damage of good photos instead of the reference's", ConfigValues.Flag,
                photos => photos.Enabled, (photos, value) => photos with { Enabled = value }),
            ConfigKey.Of<PhotoSettings, ValueRange>(
                "reduction", "how much smaller large photos become", Factor, photos => photos.Reduction,
                (photos, value) => photos with { Reduction = value }),
            ConfigKey.Of<PhotoSettings, ValueRange>(
                "small_reduction", "how much smaller other photos become", Factor, photos => photos.SmallReduction,
                (photos, value) => photos with { SmallReduction = value }),
            ConfigKey.Of<PhotoSettings, long>(
                "large_from", "shorter side from which a photo is large", ConfigValues.Whole(1, 65536, "a whole number from 1 to 65536"),
                photos => photos.LargeFrom, (photos, value) => photos with { LargeFrom = (int)value }),
            ConfigKey.Of<PhotoSettings, long>(
                "choices", "places that a crop is chosen from by texture", ConfigValues.Whole(1, 64, "a whole number from 1 to 64"),
                photos => photos.Choices, (photos, value) => photos with { Choices = (int)value }),
            Share(
                "dead_leaves_prob", "share of crops from generated images", photos => photos.DeadLeavesProbability,
                (photos, value) => photos with { DeadLeavesProbability = value }),
            Share(
                "patterns_prob", "share of shapes in generated images with a fine pattern", photos => photos.PatternProbability,
                (photos, value) => photos with { PatternProbability = value }),
            Share(
                "gray_prob", "share of crops without color", photos => photos.GrayProbability,
                (photos, value) => photos with { GrayProbability = value }),
            Share(
                "jpeg_twice_prob", "share of compressed crops that were compressed before", photos => photos.TwiceProbability,
                (photos, value) => photos with { TwiceProbability = value }),
            Share(
                "jpeg_shift_prob", "share of crops that do not begin at a block of JPEG", photos => photos.ShiftedProbability,
                (photos, value) => photos with { ShiftedProbability = value }),
            Share(
                "marks_prob", "share of crops with scratches, hairs, dust or folds", photos => photos.MarksProbability,
                (photos, value) => photos with { MarksProbability = value }),
            ConfigKey.Of<PhotoSettings, IReadOnlyList<int>>(
                "sizes", "sides of the crops over the run", ConfigValues.Counts(8, 1024), photos => photos.Sizes,
                (photos, value) => photos with { Sizes = value }),
            ConfigKey.Of<PhotoSettings, IReadOnlyList<int>>(
                "size_steps", "batches at which the next of the sizes begins", ConfigValues.Counts(1, int.MaxValue, least: 0),
                photos => photos.SizeSteps, (photos, value) => photos with { SizeSteps = value }),
            ConfigKey.Of<PhotoSettings, long>(
                "validation_size", "side of the crops of held-out photos", ConfigValues.Whole(8, 2048, "a whole number from 8 to 2048"),
                photos => photos.ValidationSize, (photos, value) => photos with { ValidationSize = (int)value }),
        ],
        [],
        []
    ).Within<DataSettings>(settings => settings.Photos, (settings, photos) => settings with { Photos = photos });

    /// <summary>Reports values that do not fit together.</summary>
    public static void Check<T>(ConfigReader<T> reader, PhotoSettings settings)
        where T : class
    {
        const string path = "data_config.train.photos.";
        reader.Check(
            settings.SizeSteps.Count == settings.Sizes.Count - 1, path + "size_steps",
            $"has {settings.SizeSteps.Count} numbers for {settings.Sizes.Count} sizes", "one number fewer than sizes");
        reader.Check(
            settings.SizeSteps.SequenceEqual(settings.SizeSteps.Order()), path + "size_steps", "is not in order", "growing numbers");
        reader.Check(
            settings.Sizes.Append(settings.ValidationSize).All(size => size % 8 == 0), path + "sizes",
            "or validation_size has other numbers", "multiples of 8");
    }

    private static ConfigKey<PhotoSettings> Share(
        string name, string summary, Func<PhotoSettings, double> get, Func<PhotoSettings, double, PhotoSettings> set) =>
        ConfigKey.Of(name, summary, ConfigValues.Probability, get, set);
}
