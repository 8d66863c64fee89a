namespace Hypir.Restoration.Planning.Machine;

/// <summary>NVIDIA's driver and its cards, whatever libtorch can do with them.</summary>
/// <param name="Version">The driver's version, or null where there is none.</param>
/// <param name="Cards">Its cards.</param>
public sealed record NvidiaDriver(string? Version, IReadOnlyList<GpuFacts> Cards)
{
    /// <summary>A machine without.</summary>
    public static NvidiaDriver None { get; } = new(null, []);
}
