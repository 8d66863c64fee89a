using Hypir.Networks.SinglePass;
using Hypir.Networks.SinglePass.Compact;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Networks.SinglePass.NafNet;
using Hypir.Planning.Outlines;
using Hypir.Training.Config;

namespace Hypir.Training.Models;

/// <summary>
/// Turns the sizes of a configuration into a network's outline. New networks take and give RGB at the image's own size; those from a file
/// may enlarge.
/// </summary>
internal static class NetworkDesign
{
    private const int Colors = 3;

    /// <summary>The outline of a network.</summary>
    /// <param name="settings">Valid sizes (<see cref="Problem"/>), or a file.</param>
    /// <exception cref="HypirException">The file is missing, damaged, or no network that can be trained.</exception>
    public static SinglePassOutline Outline(NetworkSettings settings)
    {
        if (settings.File is { } path)
        {
            using SinglePassFile file = SinglePassFile.Open(path);
            return file.Outline;
        }

        IReadOnlyList<int> features = settings.Features, blocks = settings.Blocks;
        int levels = blocks.Count / 2;
        return settings.Family switch
        {
            TrainedFamily.Drunet => new DruNetOutline
            {
                Scale = 1,
                InChannels = Colors,
                OutChannels = Colors,
                ReadsNoiseMap = false,
                Widths = [.. features.Select(width => (long)width)],
                ResidualBlocks = blocks[0],
            },
            TrainedFamily.Nafnet => new NafNetOutline
            {
                Scale = 1,
                InChannels = Colors,
                OutChannels = Colors,
                Features = features[0],
                Encoders = [.. blocks.Take(levels)],
                Middle = blocks[levels],
                Decoders = [.. blocks.Skip(levels + 1)],
            },
            _ => new CompactOutline
            {
                Scale = 1,
                InChannels = Colors,
                OutChannels = Colors,
                Features = features[0],
                Convolutions = blocks[0],
            },
        };
    }

    /// <summary>The family of an outline.</summary>
    public static SinglePassFamily FamilyOf(SinglePassOutline outline) =>
        SinglePassFamilies.All.First(family => family.Name == outline.Family);

    /// <summary>What is wrong with the sizes, as the key, the problem, and what is allowed; null if nothing is.</summary>
    public static (string Key, string What, string Allowed)? Problem(NetworkSettings settings)
    {
        (int features, string allowedFeatures, bool blocks, string allowedBlocks) = settings.Family switch
        {
            TrainedFamily.Drunet => (4, "four widths, from full to an eighth of the resolution", settings.Blocks.Count == 1,
                "one number: residual blocks of each level"),
            TrainedFamily.Nafnet => (1, "one width, of the first level", settings.Blocks.Count % 2 == 1,
                "an odd number of numbers: blocks of each level on the way down, of the lowest, of each on the way up"),
            _ => (1, "one width", settings.Blocks.Count == 1, "one number: convolutions between the first and the last"),
        };
        if (settings.Features.Count != features)
            return ("features", $"has {settings.Features.Count} numbers", allowedFeatures);
        return blocks ? null : ("blocks", $"has {settings.Blocks.Count} numbers", allowedBlocks);
    }
}
