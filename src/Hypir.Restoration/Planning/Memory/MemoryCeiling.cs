using Hypir.Restoration.Planning.Machine;

namespace Hypir.Restoration.Planning.Memory;

/// <summary>
/// The most memory that a job can use, as far as it has found out: when a plan ran out of memory, less was free than it needs, whatever the
/// system reported.
/// </summary>
/// <param name="Host">Bytes of host memory.</param>
/// <param name="Card">Bytes of the GPU's memory.</param>
public sealed record MemoryCeiling(long Host, long Card)
{
    /// <summary>Nothing has run out yet.</summary>
    public static MemoryCeiling None { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>The ceiling after a plan ran out of memory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="onCard">Whether it was the GPU's memory.</param>
    public MemoryCeiling Below(RestorePlan plan, bool onCard) => onCard
        ? this with { Card = Math.Min(Card, plan.PeakCardMemory - 1) }
        : this with { Host = Math.Min(Host, plan.PeakMemory - 1) };

    /// <summary>Whether a plan stays below the ceiling.</summary>
    /// <param name="plan">The plan.</param>
    public bool Admits(RestorePlan plan) => plan.PeakMemory <= Host && plan.PeakCardMemory <= Card;

    /// <summary>The machine with no more free memory than the ceiling.</summary>
    /// <param name="machine">The machine.</param>
    public MachineFacts On(MachineFacts machine) => machine with
    {
        FreeMemory = Math.Min(machine.FreeMemory, Host),
        Cards = [.. machine.Cards.Select(card => card with { FreeMemory = Math.Min(card.FreeMemory, Card) })],
    };
}
