using Hypir.Planning.Machine;

namespace Hypir.Planning;

/// <summary>What GPUs of any vendor can compute: networks that have a graph, on tiles whose tensors the GPU can bind.</summary>
internal static class GraphLimits
{
    /// <summary>Refuses a network without a graph.</summary>
    /// <param name="compute">What computes.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="PlanException">It has no graph, and one is needed.</exception>
    public static void Require(ComputeChoice compute, ModelFacts model)
    {
        if (compute.Graphs is not null && model.SinglePass is { IsProgram: false } network)
        {
            throw new PlanException(
                "device", $"{model.Name} ({network.Title}) has no graph yet: {compute.Device} cannot compute it.",
                "Choose --device cpu, or cuda on an NVIDIA GPU.");
        }
    }

    /// <summary>The plans whose tensors are small enough for the GPU; all of them if torch computes.</summary>
    /// <param name="plans">At least one, the best first.</param>
    /// <param name="machine">The machine.</param>
    /// <exception cref="PlanException">Even the smallest tiles are too large.</exception>
    public static RestorePlan[] Keep(RestorePlan[] plans, MachineFacts machine)
    {
        if (plans[0].Compute.Graphs is not { } place || !plans[0].RunsModel || machine.Graphs is not { } graphs)
            return plans;
        (RestorePlan Plan, long Largest)[] known = [.. plans.Select(plan => (plan, graphs.LargestTensor(plan)))];
        RestorePlan[] bound = [.. known.Where(one => one.Largest <= place.Limit).Select(one => one.Plan)];
        if (bound.Length > 0)
            return bound;
        const long Number = sizeof(float);
        throw new PlanException(
            "device",
            $"{plans[0].Compute.Device} can bind {PlanFigures.Memory(place.Limit * Number)} at once, and this takes "
            + $"{PlanFigures.Memory(known.Min(one => one.Largest) * Number)}.",
            plans[0].Options.Tile is null ? "Choose --device cpu." : "Make --tile smaller, or choose --device cpu.");
    }
}
