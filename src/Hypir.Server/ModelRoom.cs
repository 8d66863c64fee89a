using Hypir.Restoration.Planning;

namespace Hypir.Server;

/// <summary>What a loaded model occupies between jobs.</summary>
/// <param name="Device">Where it computes: "cpu" or "cuda:N".</param>
/// <param name="Host">Bytes of host memory.</param>
/// <param name="Card">Bytes of the device's memory; 0 on the CPU.</param>
internal readonly record struct HeldMemory(string Device, long Host, long Card)
{
    /// <summary>What a model occupies after it was loaded for a plan.</summary>
    public static HeldMemory Of(RestorePlan plan) =>
        new(plan.Compute.Device, plan.StayingMemory(onCard: false), plan.StayingMemory(onCard: true));
}

/// <summary>Decides which loaded models make room for a plan.</summary>
internal static class ModelRoom
{
    /// <summary>
    /// The models to drop: the least recently used first, no more than needed, and none that would not help, such as one on the CPU when the
    /// GPU's memory is short. The plan's free memory includes what they hold.
    /// </summary>
    /// <param name="plan">The plan that needs room, its own model included.</param>
    /// <param name="others">The other loaded models, the least recently used first.</param>
    /// <param name="held">What each holds.</param>
    public static IReadOnlyList<T> ToDrop<T>(RestorePlan plan, IEnumerable<T> others, Func<T, HeldMemory> held)
    {
        T[] loaded = [.. others];
        long host = plan.PeakMemory + loaded.Sum(model => held(model).Host) - plan.FreeMemory;
        long card = plan.PeakCardMemory + loaded.Sum(model => CardOf(held(model))) - plan.FreeCardMemory;
        List<T> dropped = [];
        foreach (T model in loaded)
        {
            HeldMemory freed = held(model);
            if ((host <= 0 || freed.Host == 0) && (card <= 0 || CardOf(freed) == 0))
                continue;
            (host, card) = (host - freed.Host, card - CardOf(freed));
            dropped.Add(model);
        }
        return dropped;

        long CardOf(HeldMemory memory) => memory.Device == plan.Compute.Device ? memory.Card : 0;
    }
}
