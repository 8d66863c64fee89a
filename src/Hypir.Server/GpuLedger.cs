using System.Collections.Concurrent;

namespace Hypir.Server;

/// <summary>
/// What this process has taken on each GPU according to the plans it executed, for drivers that do not report it. It never shrinks: torch keeps
/// freed blocks for itself. It may be used on any thread.
/// </summary>
internal sealed class GpuLedger
{
    private readonly ConcurrentDictionary<string, long> _taken = new(StringComparer.Ordinal);

    /// <summary>Notes that so much was in use on a device at once.</summary>
    public void Raise(string device, long bytes) => _taken.AddOrUpdate(device, bytes, (_, before) => Math.Max(before, bytes));

    /// <summary>Bytes that this process holds on a device; 0 before its first job there.</summary>
    public long HeldOn(string device) => _taken.GetValueOrDefault(device);
}
