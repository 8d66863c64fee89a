using Hypir.Protocol;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Serving;

/// <summary>What is tried when memory does not suffice: smaller tiles, then a narrower type, then the CPU, as far as the request allows.</summary>
internal static class MemoryLadder
{
    /// <summary>Smaller tiles hardly save memory but cost quality: a model sees too little at once.</summary>
    private const int SmallestTile = 128;

    /// <summary>The next request to try.</summary>
    /// <param name="tried">What was planned and did not fit.</param>
    /// <returns>The request and a sentence for the person, or null where nothing is left.</returns>
    public static (RestoreRequest Request, string Note)? Next(JobPlan tried)
    {
        (RestoreRequest request, RestorePlan plan) = (tried.Request, tried.Plan);
        if (SmallerTile(plan) is int tile)
            return (request with { Tile = tile, Stride = null }, $"Memory did not suffice: tiles of {tile} pixels are used.");
        if (request.AllowNarrower && Narrower(plan.Compute) is RequestPrecision precision)
            return (request with { Tile = null, Stride = null, Precision = precision }, $"Memory did not suffice: it is computed in {precision}.");
        if (request.AllowCpu && plan.Compute.Device != "cpu")
            return (request with { Tile = null, Stride = null, Precision = RequestPrecision.Auto, Device = "cpu" }, "The GPU's memory did not suffice: the CPU computes.");
        return null;
    }

    private static int? SmallerTile(RestorePlan plan)
    {
        int multiple = plan.Model.Multiple, longest = Math.Max(plan.Sizes.Padded.Width, plan.Sizes.Padded.Height);
        // A tile that is larger than the picture is cut to it: what follows must be smaller than both.
        int used = Math.Min(plan.Model.TileOf(plan.Options), longest);
        int least = Math.Max(SmallestTile, plan.Model.Needs.Minimum ?? SmallestTile);
        int half = Math.Max(used / 2 / multiple * multiple, (least + multiple - 1) / multiple * multiple);
        return half < used ? half : null;
    }

    private static RequestPrecision? Narrower(ComputeChoice compute) => compute.UNet switch
    {
        ComputePrecision.Float64 => RequestPrecision.Float32,
        ComputePrecision.Float32 => RequestPrecision.Bfloat16,
        _ => null,
    };
}
