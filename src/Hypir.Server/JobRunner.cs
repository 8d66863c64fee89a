using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Restoration.Pipeline;
using Microsoft.Extensions.Logging;

namespace Hypir.Server;

/// <summary>Runs jobs one after another on the compute thread.</summary>
internal sealed class JobRunner(
    ServeSettings settings, string pixelFolder, Planner planner, LoadedModelCache shelf, BlockClock clock, ILogger log)
{
    private readonly SparePlanes _spare = new();
    private readonly MemoryLadder _ladder = new(planner);

    /// <summary>Runs a job.</summary>
    /// <exception cref="EngineException">The job failed; after <see cref="EngineError.RestartNeeded"/> the process must exit.</exception>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    public JobResult Run(Job job)
    {
        job.Report(new(job.Id, JobState.Loading));
        // Impossible requests end here, before pixels are read.
        JobPlan plan = planner.Plan(job.Request);
        var pixels = Stopwatch.StartNew();
        RasterImage input = ImagePixels.Read(
            job.Pixels, new(job.Request.Layout, job.Request.Width, job.Request.Height), _spare, job.Cancellation);
        ImageMask? mask = job.Request is { Mask: { } name, Area: { } area }
            ? ImagePixels.ReadMask(Path.Combine(pixelFolder, name), area.Width, area.Height, job.Cancellation)
            : null;
        pixels.Stop();

        IReadOnlyList<string>? grounds = null;
        if (job.Request.Model == Defaults.AutomaticModel)
            (plan, grounds) = planner.Choose(job.Request, input);
        MachineFacts machine = planner.Machine();
        if (DeviceDecision.Unmeasured(plan.Plan.Options, plan.Plan.Model, machine).Count > 0)
        {
            DeviceTrial.Run(plan.Model, plan.LoraPath, plan.Plan.Options, machine, settings.Speeds, job.Cancellation);
            plan = planner.Plan(plan.Request);
        }

        var compute = new Stopwatch();
        RestoreResult result = Restore(job, input, mask, ref plan, compute);

        pixels.Start();
        string file = job.Request.InPlace ? Path.GetFileName(job.Pixels) : PixelFile.NewName(Environment.ProcessId);
        ImagePixels.Write(Path.Combine(pixelFolder, file), job.Request.InPlace, result.Image, job.Request.Layout, job.Cancellation);
        string? map = result.Map is null ? null : PixelFile.NewName(Environment.ProcessId);
        if (map is not null)
            ImagePixels.Write(Path.Combine(pixelFolder, map), result.Map!, job.Cancellation);
        pixels.Stop();
        _spare.Keep(input);
        return new()
        {
            JobId = job.Id,
            Pixels = file,
            Map = map,
            Width = result.Image.Width,
            Height = result.Image.Height,
            Layout = job.Request.Layout,
            Notes = [.. MemoryLadder.Notes(job.Request, plan), .. result.Notes],
            Grounds = grounds,
            ComputeSeconds = compute.Elapsed.TotalSeconds,
            PixelSeconds = pixels.Elapsed.TotalSeconds,
            CarriedOut = plan.Request,
        };
    }

    private RestoreResult Restore(Job job, RasterImage input, ImageMask? mask, ref JobPlan plan, Stopwatch compute)
    {
        var ceiling = MemoryCeiling.None;
        while (true)
        {
            if (!plan.Plan.Fits)
            {
                plan = StepDown(job, plan, ceiling, null);
                continue;
            }

            try
            {
                Restorer restorer = shelf.Get(plan, job.Cancellation);
                compute.Restart();
                clock.Begin(plan.Plan);
                RestoreResult result = restorer.Restore(
                    input, plan.Plan, mask, new JobReporter(job, clock), settings.Observer, job.Cancellation);
                compute.Stop();
                shelf.Ran(plan.Plan);
                if (result.Speed is { } speed)
                    settings.Speeds.Learn(plan.Plan, speed);
                return result;
            }
            catch (Exception failure) when (EngineErrors.IsOutOfMemory(failure))
            {
                string device = plan.Plan.Compute.Device;
                ceiling = ceiling.Below(plan.Plan, device != "cpu" && EngineErrors.IsOutOfGpuMemory(failure));
                JobPlan next = StepDown(job, plan, ceiling, failure);
                if (!settings.GivesMemoryBack(device))
                {
                    throw new EngineException(EngineError.RestartNeeded, Note(plan, next),
                        new("Send the request below to the next engine process.", Request: next.Request), failure);
                }
                plan = next;
            }
            finally
            {
                clock.End();
            }
        }
    }

    private JobPlan StepDown(Job job, JobPlan tried, MemoryCeiling ceiling, Exception? failure)
    {
        RestorePlan plan = tried.Plan;
        JobPlan? next = _ladder.Next(tried, ceiling);
        bool gpu =
            plan.PeakGpuMemory > plan.FreeGpuMemory
            || (failure is not null && plan.Compute.Device != "cpu" && EngineErrors.IsOutOfGpuMemory(failure));
        log.StepsDown(
            job.Id, plan.UNetTile, plan.Compute.UNet, plan.Compute.Device, gpu ? plan.PeakGpuMemory : plan.PeakMemory,
            gpu ? plan.FreeGpuMemory : plan.FreeMemory, next is null ? null : Note(tried, next), failure?.Message);
        if (next is null)
        {
            string reason = failure is null ? MemoryException.Describe(plan) : "Memory ran out, even with the smallest plan.";
            throw new EngineException(
                EngineError.OutOfMemory, reason, new("Close other programs, or restore the image in pieces."), failure);
        }
        job.Report(new(job.Id, JobState.Loading, Note: Note(tried, next)));
        return next;
    }

    private static string Note(JobPlan tried, JobPlan next) => string.Join(' ', MemoryLadder.Notes(tried.Request, next));
}
