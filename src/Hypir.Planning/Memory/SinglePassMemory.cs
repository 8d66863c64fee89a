
namespace Hypir.Planning.Memory;

/// <summary>Adds up what a single-pass network's evaluations need memory for.</summary>
internal static class SinglePassMemory
{
    /// <summary>
    /// What the allocator and the convolutions of the CPU library take over what is alive within a network.
    /// </summary>
    private const double HostSlack = 1.5;

    private const int Colors = 3;

    /// <summary>The parts.</summary>
    public static IEnumerable<MemoryPart> Of(RestorePlan plan)
    {
        bool gpu = plan.Compute.Device != "cpu";
        int number = ComputeChoice.BytesOf(plan.Compute.UNet), pixel = MemoryEstimate.PixelBytes(plan);
        yield return new("network weights", plan.Restoring.Cost.Parameters * number, OnGpu: gpu) { Stays = true };
        yield return new(
            "one tile in the network",
            (long)(plan.Passes.Max(pass => pass.Stage.Cost.PeakElements) * number * (gpu ? 1 : HostSlack)), RestoreStage.Restoring, gpu);
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
}
