using System.Runtime.Intrinsics;
using Hypir.Planning.Outlines;

namespace Hypir.Planning.Memory;

/// <summary>Adds up what a single-pass network's evaluations need memory for.</summary>
internal static class SinglePassMemory
{
    /// <summary>
    /// What the allocator and the convolutions of the CPU library take over what is alive within a network.
    /// </summary>
    private const double HostSlack = 1.5;

    /// <summary>The same for networks rewritten for speed, which hold no more than counted but scratch memory of each thread.</summary>
    private const double FastHostSlack = 1.1;

    private const int Colors = 3;

    /// <summary>The parts.</summary>
    public static IEnumerable<MemoryPart> Of(RestorePlan plan)
    {
        bool gpu = plan.Compute.Device != "cpu";
        int number = ComputeChoice.BytesOf(plan.Compute.UNet), pixel = MemoryEstimate.PixelBytes(plan);
        yield return new("network weights", plan.Restoring.Cost.Parameters * number, OnGpu: gpu) { Stays = true };
        if (plan.Compute.Graphs is not null)
            yield return new("weights beside the GPU's", plan.Restoring.Cost.Parameters * number) { Stays = true };
        SinglePassOutline network = plan.Model.SinglePass!;
        double elements = plan.Passes.Max(pass => pass.Stage.Cost.PeakElements), slack = gpu ? 1 : HostSlack;
        if (!gpu && FastNeeds(plan, network) is { } fast)
        {
            yield return new("transformed kernels", fast.Kept * number) { Stays = true };
            (elements, slack) = (elements / network.Blocks.Max(block => block.Alive) * fast.Alive, FastHostSlack);
        }

        yield return new("one tile in the network", (long)(elements * number * slack), RestoreStage.Restoring, gpu);
        // A pass holds its input where that is not the image itself, and the rows of its tiles; the last one's are reduced at once.
        for (int i = 1; i < plan.Passes.Count; i++)
            yield return new("result between two evaluations", plan.Passes[i].From.Pixels * Colors * pixel, RestoreStage.Restoring);
        PassPlan last = plan.Passes[^1];
        long rows = plan.Passes.Max(pass => (long)Math.Min(pass.Stage.Tiles.Rows.Tile, pass.From.Height)
            * pass.Stage.Scale.Up * pass.To.Width);
        yield return new("rows of tiles", 3 * rows * Colors * pixel, RestoreStage.Restoring);
        if (last.To.Width < plan.Sizes.Scaled.Width || last.To.Height < plan.Sizes.Scaled.Height)
        {
            long pixels = last.To.Pixels + plan.Sizes.Scaled.Pixels;
            yield return new("result before it is enlarged", pixels * Colors * pixel, RestoreStage.Restoring);
        }
    }

    /// <summary>What the network rewritten for speed needs; null if the plain one computes the plan.</summary>
    private static SinglePassFastNeeds? FastNeeds(RestorePlan plan, SinglePassOutline network) =>
        plan.Kernels == StageKernels.Fast && plan.Compute.UNet is (ComputePrecision.Float32 or ComputePrecision.Float64)
        && Vector256.IsHardwareAccelerated
            ? network.Fast
            : null;
}
