using System.Collections.Concurrent;
using Hypir.Planning;
using Hypir.Planning.Memory;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>
/// The fallbacks when memory runs short: smaller tiles, then a narrower type, then the CPU, as far as the request allows. Only plans that
/// fit are tried, so each one needs less of the scarce memory than the one before.
/// </summary>
/// <param name="planner">Creates the plans.</param>
internal sealed class MemoryLadder(Planner planner)
{
    /// <summary>The next plan to try.</summary>
    /// <param name="tried">The plan that did not fit or ran out of memory.</param>
    /// <param name="ceiling">Memory sizes known to be too large.</param>
    /// <returns>A plan that fits, or null if there is none left.</returns>
    public JobPlan? Next(JobPlan tried, MemoryCeiling ceiling)
    {
        (RestoreRequest request, ComputeChoice compute) = (tried.Request, tried.Plan.Compute);
        RestoreRequest whole = request with { Tile = null, Stride = null };
        return Smaller(tried, ceiling)
            ?? (
                request.AllowNarrower && Narrower(compute) is RequestPrecision precision
                    ? Fitting(whole with { Precision = precision }, ceiling)
                    : null
            )
            ?? (
                request.AllowCpu && compute.Device != "cpu"
                    ? Fitting(whole with { Precision = RequestPrecision.Auto, Device = "cpu" }, ceiling)
                    : null
            );
    }

    /// <summary>Notes for the user, one sentence for each way in which a plan differs from the request.</summary>
    /// <param name="asked">The original request, or the previous attempt.</param>
    /// <param name="now">The plan to be executed.</param>
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

    private JobPlan? Smaller(JobPlan job, MemoryCeiling ceiling) =>
        job.Plan.Smaller(ceiling.On(planner.Machine())).FirstOrDefault(plan => plan.Fits) is { } plan
            ? job with
            {
                Request = job.Request with { Tile = plan.Options.Tile, Stride = null },
                Plan = plan,
            }
            : null;

    /// <summary>
    /// Leave the tile size to the planner if possible, since the next engine process may plan this request; prescribe it only if that is
    /// too much.
    /// </summary>
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

/// <summary>The memory that a loaded model occupies between jobs.</summary>
/// <param name="Device">The device: "cpu" or "cuda:N".</param>
/// <param name="Host">Bytes of host memory.</param>
/// <param name="Gpu">Bytes of the device's memory; 0 on the CPU.</param>
internal readonly record struct HeldMemory(string Device, long Host, long Gpu)
{
    /// <summary>The memory of a model loaded for a plan.</summary>
    public static HeldMemory Of(RestorePlan plan) =>
        new(plan.Compute.Device, plan.StayingMemory(onGpu: false), plan.StayingMemory(onGpu: true));
}

/// <summary>Decides which loaded models to unload for a plan.</summary>
internal static class ModelRoom
{
    /// <summary>
    /// The models to unload: least recently used first, no more than needed, and only ones that help (a model on the CPU does not when GPU
    /// memory is short). The plan's free memory includes what they hold.
    /// </summary>
    /// <param name="plan">The plan that needs room, its own model included.</param>
    /// <param name="others">The other loaded models, the least recently used first.</param>
    /// <param name="held">What each holds.</param>
    public static IReadOnlyList<T> ToDrop<T>(RestorePlan plan, IEnumerable<T> others, Func<T, HeldMemory> held)
    {
        T[] loaded = [.. others];
        long host = plan.PeakMemory + loaded.Sum(model => held(model).Host) - plan.FreeMemory;
        long gpu = plan.PeakGpuMemory + loaded.Sum(model => GpuOf(held(model))) - plan.FreeGpuMemory;
        List<T> dropped = [];
        foreach (T model in loaded)
        {
            HeldMemory freed = held(model);
            if ((host <= 0 || freed.Host == 0) && (gpu <= 0 || GpuOf(freed) == 0))
                continue;
            (host, gpu) = (host - freed.Host, gpu - GpuOf(freed));
            dropped.Add(model);
        }
        return dropped;

        long GpuOf(HeldMemory memory) => memory.Device == plan.Compute.Device ? memory.Gpu : 0;
    }
}

/// <summary>
/// The memory this process has taken on each GPU, estimated from executed plans, for drivers that do not report it. It never shrinks
/// because torch caches freed blocks. Thread-safe.
/// </summary>
internal sealed class GpuLedger
{
    private readonly ConcurrentDictionary<string, long> _taken = new(StringComparer.Ordinal);

    /// <summary>Records a number of bytes that were in use on a device at once.</summary>
    public void Raise(string device, long bytes) => _taken.AddOrUpdate(device, bytes, (_, before) => Math.Max(before, bytes));

    /// <summary>Bytes that this process holds on a device; 0 before its first job there.</summary>
    public long HeldOn(string device) => _taken.GetValueOrDefault(device);
}
