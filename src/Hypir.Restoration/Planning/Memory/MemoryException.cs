namespace Hypir.Restoration.Planning.Memory;

/// <summary>A plan needs more memory than there is; nothing was begun.</summary>
/// <param name="plan">The plan: no tile that the options allow makes a smaller one.</param>
public sealed class MemoryException(RestorePlan plan) : HypirException(Describe(plan), Ways(plan))
{
    /// <summary>What is needed, what there is, and what sets the limit.</summary>
    /// <param name="plan">A plan that does not fit.</param>
    public static string Describe(RestorePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string pixels = plan.Sizes.Scales ? $"{plan.Sizes.Input} pixels enlarged or reduced to {plan.Sizes.Scaled}" : $"{plan.Sizes.Input} pixels";
        if (IsCards(plan))
            return $"{pixels} need {PlanFigures.Memory(plan.PeakCardMemory)} of the GPU's memory, and {PlanFigures.Memory(plan.FreeCardMemory)} are free on {plan.Compute.Device}.";
        string free = plan.MemoryLimit is null ? $"{PlanFigures.Memory(plan.FreeMemory)} are free" : $"{PlanFigures.Memory(plan.FreeMemory)} are left of the limit that is set for this process (a container's, for example)";
        return $"{pixels} need {PlanFigures.Memory(plan.PeakMemory)} of memory, and {free}.";
    }

    private static string Ways(RestorePlan plan)
    {
        List<string> ways = [IsCards(plan) ? "close other programs that use the GPU, or compute with --device cpu" : plan.MemoryLimit is null ? "close other programs" : "raise the limit"];
        if (plan.Sizes.Scaled.Pixels > plan.Sizes.Input.Pixels)
            ways.Add("enlarge less (--upscale, --longest-side)");
        if (plan.Options.Tile is not null)
            ways.Add("leave --tile away or make it smaller");
        ways.Add("cut the picture into pieces");
        string all = string.Join("; ", ways);
        return $"{char.ToUpperInvariant(all[0])}{all[1..]}. --force tries it nevertheless.";
    }

    private static bool IsCards(RestorePlan plan) => plan.PeakCardMemory > plan.FreeCardMemory;
}
