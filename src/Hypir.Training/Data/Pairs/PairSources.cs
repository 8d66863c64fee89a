using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Photos;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>Creates the source of pairs that settings ask for.</summary>
public static class PairSources
{
    /// <summary>Creates it, and starts its workers.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="entries">The images, at least one.</param>
    /// <param name="device">The device for degradation.</param>
    /// <param name="state">The state of an earlier run; null to start from the beginning.</param>
    /// <exception cref="ManifestException">There are no images.</exception>
    public static IPairSource Create(
        DataSettings settings, IReadOnlyList<ManifestEntry> entries, Device device, PairSourceState? state)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Photos.Enabled
            ? new PhotoPairs(settings, entries, state?.Next ?? 0)
            : new PairSource(settings, entries, device, state);
    }
}
