using Hypir.Protocol.Messages;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Memory;

namespace Hypir.Server;

/// <summary>
/// What is tried when there is not enough memory: smaller tiles, then a narrower type, then the CPU, as far as the request allows. Only plans that fit are
/// tried, so each needs less than the one before of the memory that was short.
/// </summary>
/// <param name="planner">Makes the plans.</param>
internal sealed class MemoryLadder(Planner planner)
{
    /// <summary>The next plan to try.</summary>
    /// <param name="tried">What did not fit, or ran out of memory.</param>
    /// <param name="ceiling">What is known to be too much.</param>
    /// <returns>A plan that fits, or null where none is left.</returns>
    public JobPlan? Next(JobPlan tried, MemoryCeiling ceiling)
    {
        (RestoreRequest request, ComputeChoice compute) = (tried.Request, tried.Plan.Compute);
        RestoreRequest whole = request with { Tile = null, Stride = null };
        return Smaller(tried, ceiling)
            ?? (request.AllowNarrower && Narrower(compute) is RequestPrecision precision ? Fitting(whole with { Precision = precision }, ceiling) : null)
            ?? (request.AllowCpu && compute.Device != "cpu" ? Fitting(whole with { Precision = RequestPrecision.Auto, Device = "cpu" }, ceiling) : null);
    }

    /// <summary>What a person should know about a plan that is not quite what was asked for: a sentence for each difference.</summary>
    /// <param name="asked">The request as it came, or as it was tried before.</param>
    /// <param name="now">What is executed.</param>
    public static IEnumerable<string> Notes(RestoreRequest asked, JobPlan now)
    {
        RestoreRequest request = now.Request;
        if (request.Device != asked.Device)
            yield return "Not enough GPU memory: computing on the CPU.";
        else if (request.Precision != asked.Precision)
            yield return $"Not enough memory: computing in {request.Precision}.";
        if (request.Tile is not null && request.Tile != asked.Tile)
            yield return $"Not enough memory: using tiles of {now.Plan.UNetTile.Longer} pixels.";
    }

    private JobPlan? Smaller(JobPlan job, MemoryCeiling ceiling) => job.Plan.Smaller(ceiling.On(planner.Machine())).FirstOrDefault(plan => plan.Fits) is { } plan
        ? job with { Request = job.Request with { Tile = plan.Options.Tile, Stride = null }, Plan = plan }
        : null;

    /// <summary>The request as any engine would plan it, which may be the next one; only where that is too much, the tiles are prescribed.</summary>
    private JobPlan? Fitting(RestoreRequest request, MemoryCeiling ceiling)
    {
        JobPlan job = planner.Plan(request);
        return job.Plan.Fits && ceiling.Admits(job.Plan) ? job : Smaller(job, ceiling);
    }

    private static RequestPrecision? Narrower(ComputeChoice compute) => compute.UNet switch
    {
        ComputePrecision.Float64 => RequestPrecision.Float32,
        ComputePrecision.Float32 => RequestPrecision.Bfloat16,
        _ => null,
    };
}
