using Hypir.Planning;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>Tracks how long the current block has been running. Written by the compute thread, read by the heartbeat.</summary>
internal sealed class BlockClock
{
    private readonly long _born = TimeProvider.System.GetTimestamp();
    private long _since; // 0 when idle
    private double _planned = double.NaN;

    /// <summary>Seconds since the engine started.</summary>
    public double Uptime => TimeProvider.System.GetElapsedTime(_born).TotalSeconds;

    /// <summary>Called when a restoration starts.</summary>
    public void Begin(RestorePlan plan)
    {
        var parts = plan.Encoding.Cost.Parts.Concat(plan.Restoring.Cost.Parts).Concat(plan.Decoding.Cost.Parts);
        double? seconds = plan.Seconds * parts.Select(part => part.Operations).DefaultIfEmpty().Max() / plan.Operations;
        Volatile.Write(ref _planned, seconds ?? double.NaN);
        Tick();
    }

    /// <summary>Called when a block starts.</summary>
    public void Tick() => Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());

    /// <summary>Called when the compute thread becomes idle.</summary>
    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>The current heartbeat.</summary>
    public Heartbeat Beat()
    {
        long since = Volatile.Read(ref _since);
        double planned = Volatile.Read(ref _planned);
        return since == 0
            ? new(Uptime)
            : new(Uptime, TimeProvider.System.GetElapsedTime(since).TotalSeconds, double.IsFinite(planned) ? planned : null);
    }
}
