using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Config;

/// <summary>What a configuration says about training data: where it comes from, and how it is cut, turned and degraded.</summary>
public sealed record DataSettings
{
    /// <summary>Seed of all random choices.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Pictures that are degraded together.</summary>
    public int BatchSize { get; init; } = 6;

    /// <summary>Threads that prepare pictures.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>The list of pictures.</summary>
    public ManifestSettings Manifest { get; init; } = new();

    /// <summary>Cut-outs.</summary>
    public CropSettings Crop { get; init; } = new();

    /// <summary>Flips.</summary>
    public FlipSettings Flips { get; init; } = new();

    /// <summary>How often a picture's caption is dropped.</summary>
    public double EmptyPromptProbability { get; init; }

    /// <summary>Degradation.</summary>
    public DegradationRanges Degradation { get; init; } = new();

    /// <summary>Pairs that the shuffle pool holds; 0 for none.</summary>
    public int QueueSize { get; init; } = 256;
}
