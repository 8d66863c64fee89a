using Hypir.Restoration.Planning.Machine;

namespace Hypir.Restoration.Planning.Memory;

/// <summary>Looks for plans with smaller tiles, for jobs that ran out of memory.</summary>
internal static class SmallerPlans
{
    /// <summary>Smaller tiles save hardly any memory but cost quality: the model sees too little at once.</summary>
    private const int SmallestTile = 128;

    /// <inheritdoc cref="RestorePlan.Smaller"/>
    public static IEnumerable<RestorePlan> Of(RestorePlan plan, MachineFacts machine)
    {
        if (!plan.RunsModel || plan.Options.Mode == RestoreMode.Reference)
            yield break;
        long least = plan.ComputeMemory;
        foreach (int side in Sides(plan))
        {
            if (Executing(plan, side, machine) is not { } smaller || smaller.ComputeMemory >= least)
                continue;
            least = smaller.ComputeMemory;
            yield return smaller;
        }
    }

    /// <summary>
    /// Sides to try, the largest first: the present one, since tiles of the VAE may be larger than those of the UNet, then 3/4, 1/2, 3/8, 1/4 of
    /// it and so on. A step costs a whole attempt when memory runs out, and tiles smaller than necessary cost quality.
    /// </summary>
    private static IEnumerable<int> Sides(RestorePlan plan)
    {
        int multiple = plan.Model.Multiple, largest = plan.UNetTile.Longer;
        int smallest = (Math.Max(SmallestTile, plan.Model.Needs.Minimum ?? 0) + multiple - 1) / multiple * multiple;
        yield return largest;
        for (int whole = largest; whole > smallest; whole /= 2)
        {
            yield return Math.Max(whole / 4 * 3 / multiple * multiple, smallest);
            yield return Math.Max(whole / 2 / multiple * multiple, smallest);
        }
    }

    /// <summary>
    /// The plan with tiles of at most this side, whose option names the side that is executed. Tiles are made as even as they can be, so the
    /// executed side may be smaller than the limit; with that side as the limit the overlap shrinks, too, until both are equal.
    /// </summary>
    private static RestorePlan? Executing(RestorePlan plan, int side, MachineFacts machine)
    {
        while (side > 0 && side >= (plan.Model.Needs.Minimum ?? 0))
        {
            RestoreOptions options = plan.Options with { Tile = side, Stride = null };
            PixelSize input = plan.Sizes.Input;
            RestorePlan smaller = RestorePlan.Create(input.Width, input.Height, plan.Alpha, options, plan.Model, machine, plan.BitsPerSample);
            if (smaller.UNetTile.Longer >= side)
                return smaller;
            side = smaller.UNetTile.Longer;
        }
        return null;
    }
}
