using Hypir.Training.Models;

namespace Hypir.Training.Config;

/// <summary>The family and sizes of a new single-pass network.</summary>
public sealed record NetworkSettings
{
    /// <summary>The family.</summary>
    public TrainedFamily Family { get; init; } = TrainedFamily.Drunet;

    /// <summary>Channels: DRUNet's four levels, or one number.</summary>
    public IReadOnlyList<int> Features { get; init; } = [32, 64, 96, 160];

    /// <summary>
    /// DRUNet: residual blocks of each level. Compact: convolutions between the first and the last. NAFNet: blocks of each level on the way
    /// down, of the lowest level, and of each level on the way up.
    /// </summary>
    public IReadOnlyList<int> Blocks { get; init; } = [2];

    /// <summary>Weights to start from, whose own family and sizes apply; null for a new network.</summary>
    public string? File { get; init; }

    /// <summary>
    /// A network of the same scale whose results are the targets, as FILE, or two files of one network as FILE=SHARE: their mix. Empty: the
    /// targets are the clean images.
    /// </summary>
    public IReadOnlyList<string> Teacher { get; init; } = [];

    /// <summary>
    /// How much of a target is the teacher's result for the damaged image, 0 to 1; the rest is its result for the clean one.
    /// </summary>
    public double TeacherShare { get; init; } = 0.5;
}

/// <summary>The families of single-pass networks that can be trained.</summary>
public enum TrainedFamily
{
    /// <summary>A U-Net of residual blocks without norms or biases.</summary>
    Drunet,

    /// <summary>A U-Net of gated blocks with channel attention.</summary>
    Nafnet,

    /// <summary>A row of convolutions at full resolution.</summary>
    Compact,
}

/// <summary>The keys of <c>network</c>.</summary>
internal static class NetworkKeys
{
    /// <summary>The section.</summary>
    public static ConfigSection<TrainSettings> Section { get; } = new ConfigSection<NetworkSettings>(
        "network",
        [
            ConfigKey.Of<NetworkSettings, TrainedFamily>(
                "family", $"{ConfigValues.Names<TrainedFamily>()}: what single_pass trains", ConfigValues.Choice<TrainedFamily>(),
                network => network.Family, (network, value) => network with { Family = value }),
            ConfigKey.Of<NetworkSettings, IReadOnlyList<int>>(
                "features", "channels: the four levels of drunet, else one number", ConfigValues.Counts(1, 4096),
                network => network.Features, (network, value) => network with { Features = value }),
            ConfigKey.Of<NetworkSettings, IReadOnlyList<int>>(
                "blocks", "blocks of each level (drunet), convolutions (compact), or blocks down, lowest, up (nafnet)",
                ConfigValues.Counts(1, 256), network => network.Blocks, (network, value) => network with { Blocks = value }),
            ConfigKey.Of<NetworkSettings, string?>(
                "file", "weights to start from, whose own family and sizes apply; ~ for a new network", ConfigValues.TextOrNone,
                network => network.File, (network, value) => network with { File = value }),
            ConfigKey.Of<NetworkSettings, IReadOnlyList<string>>(
                "teacher", "a network whose results are the targets, as [FILE] or mixed, as [FILE=0.7, FILE=0.3]; [] for none",
                ConfigValues.Texts(0), network => network.Teacher, (network, value) => network with { Teacher = value }),
            ConfigKey.Of<NetworkSettings, double>(
                "teacher_share", "how much of a target is the teacher's result for the damaged image; the rest is that for the clean one",
                ConfigValues.Probability, network => network.TeacherShare, (network, value) => network with { TeacherShare = value }),
        ],
        [],
        []
    ).Within<TrainSettings>(train => train.Network, (train, network) => train with { Network = network });

    /// <summary>Reports a network that cannot be built.</summary>
    public static void Check(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        if (settings is { Kind: TrainKind.SinglePass, Network.File: null }
            && NetworkDesign.Problem(settings.Network) is var (key, what, allowed))
            reader.Check(false, $"network.{key}", what, allowed);
        reader.Check(
            TeacherFiles.Parse(settings.Network.Teacher) is not null, "network.teacher", "is not a mix of networks",
            "[], [FILE], or [FILE=SHARE, FILE=SHARE] with shares that add up to 1");
        reader.Check(
            settings.Kind != TrainKind.SinglePass || settings is { LambdaGan: 0, LambdaLpips: 0 }, "lambda_gan",
            "or lambda_lpips is above 0, which a single-pass network is not trained with", "0 for both");
        reader.Check(
            settings.Kind != TrainKind.SinglePass || !settings.GradientCheckpointing, "gradient_checkpointing",
            "is true, but a single-pass network keeps its activations", "false");
    }
}
