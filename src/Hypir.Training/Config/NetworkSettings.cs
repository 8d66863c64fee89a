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
        ],
        [],
        []
    ).Within<TrainSettings>(train => train.Network, (train, network) => train with { Network = network });

    /// <summary>Reports a network that cannot be built.</summary>
    public static void Check(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        if (settings.Kind == TrainKind.SinglePass && NetworkDesign.Problem(settings.Network) is var (key, what, allowed))
            reader.Check(false, $"network.{key}", what, allowed);
        reader.Check(
            settings.Kind != TrainKind.SinglePass || settings is { LambdaGan: 0, LambdaLpips: 0 }, "lambda_gan",
            "or lambda_lpips is above 0, which a single-pass network is not trained with", "0 for both");
        reader.Check(
            settings.Kind != TrainKind.SinglePass || !settings.GradientCheckpointing, "gradient_checkpointing",
            "is true, but a single-pass network keeps its activations", "false");
    }
}
