using Hypir.Planning.Machine;

namespace Hypir.Planning.Memory;

/// <summary>
/// The most memory that a job can use, as learned from failures: a plan that ran out of memory had less free than it needs, no matter what
/// the system reported.
/// </summary>
/// <param name="Host">Bytes of host memory.</param>
/// <param name="Gpu">Bytes of the GPU's memory.</param>
public sealed record MemoryCeiling(long Host, long Gpu)
{
    /// <summary>The ceiling before any failure.</summary>
    public static MemoryCeiling None { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>The ceiling after a plan ran out of memory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="onGpu">Whether it was the GPU's memory.</param>
    public MemoryCeiling Below(RestorePlan plan, bool onGpu) => onGpu
        ? this with { Gpu = Math.Min(Gpu, plan.PeakGpuMemory - 1) }
        : this with { Host = Math.Min(Host, plan.PeakMemory - 1) };

    /// <summary>Whether a plan stays below the ceiling.</summary>
    /// <param name="plan">The plan.</param>
    public bool Admits(RestorePlan plan) => plan.PeakMemory <= Host && plan.PeakGpuMemory <= Gpu;

    /// <summary>The machine with no more free memory than the ceiling.</summary>
    /// <param name="machine">The machine.</param>
    public MachineFacts On(MachineFacts machine) => machine with
    {
        FreeMemory = Math.Min(machine.FreeMemory, Host),
        Gpus = [.. machine.Gpus.Select(gpu => gpu with { FreeMemory = Math.Min(gpu.FreeMemory, Gpu) })],
    };
}

/// <summary>A plan needs more memory than is available; nothing was started.</summary>
/// <param name="plan">The plan; no tile size that the options allow needs less.</param>
public sealed class MemoryException(RestorePlan plan) : HypirException(Describe(plan), Ways(plan))
{
    /// <summary>Describes the need, the available memory, and the source of the limit.</summary>
    /// <param name="plan">A plan that does not fit.</param>
    public static string Describe(RestorePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string pixels = plan.Image != plan.Result
            ? $"{plan.Image} pixels enlarged or reduced to {plan.Result}"
            : $"{plan.Image} pixels";
        if (IsGpus(plan))
            return $"{pixels} need {PlanFigures.Memory(plan.PeakGpuMemory)} of GPU memory, "
                + $"but only {PlanFigures.Memory(plan.FreeGpuMemory)} are free on {plan.Compute.Device}.";
        string free = plan.MemoryLimit is null
            ? $"{PlanFigures.Memory(plan.FreeMemory)} are free"
            : $"{PlanFigures.Memory(plan.FreeMemory)} are left of the limit that is set for this process (a container's, for example)";
        return $"{pixels} need {PlanFigures.Memory(plan.PeakMemory)} of memory, and {free}.";
    }

    private static string Ways(RestorePlan plan)
    {
        List<string> ways =
        [
            IsGpus(plan) ? "close other programs that use the GPU, or compute with --device cpu"
            : plan.MemoryLimit is null ? "close other programs"
            : "raise the limit",
        ];
        if (plan.Sizes.Scaled.Pixels > plan.Sizes.Input.Pixels)
            ways.Add("enlarge less (--upscale, --longest-side)");
        if (plan.Options.Tile is not null)
            ways.Add("omit --tile or make it smaller");
        ways.Add("cut the image into pieces");
        string all = string.Join("; ", ways);
        return $"{char.ToUpperInvariant(all[0])}{all[1..]}. --force tries anyway.";
    }

    private static bool IsGpus(RestorePlan plan) => plan.PeakGpuMemory > plan.FreeGpuMemory;
}

/// <summary>Finds plans with smaller tiles for jobs that ran out of memory.</summary>
internal static class SmallerPlans
{
    /// <summary>Smaller tiles save hardly any memory but cost quality: the model sees too little context.</summary>
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
    /// Sides to try, largest first: the present one, since the VAE's tiles may be larger than the UNet's, then 3/4, 1/2, 3/8, 1/4 of it,
    /// and further in the same way. Each step costs a whole attempt if memory runs out, and tiles smaller than necessary cost quality.
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
    /// The plan with tiles of at most this side, whose option names the side that is executed. Tiles are made as even as possible, so the
    /// executed side may be below the limit; with that side as the new limit the overlap shrinks too, until both are equal.
    /// </summary>
    private static RestorePlan? Executing(RestorePlan plan, int side, MachineFacts machine)
    {
        while (side > 0 && side >= (plan.Model.Needs.Minimum ?? 0))
        {
            RestoreOptions options = plan.Options with { Tile = side, Stride = null };
            PixelSize input = plan.Image;
            RestorePlan smaller = RestorePlan.Create(
                input.Width, input.Height, plan.Alpha, options, plan.Model, machine, plan.BitsPerSample);
            if (smaller.UNetTile.Longer >= side)
                return smaller;
            side = smaller.UNetTile.Longer;
        }
        return null;
    }
}
