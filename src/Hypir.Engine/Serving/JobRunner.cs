using System.Diagnostics;
using Hypir.Protocol;
using Hypir.Restoration.Images;
using Hypir.Restoration.Pipeline;
using Microsoft.Extensions.Logging;

namespace Hypir.Engine.Serving;

/// <summary>Carries out jobs, one after another, on the computing thread.</summary>
internal sealed class JobRunner(ServeSettings settings, string pixelFolder, Planner planner, ModelShelf shelf, BlockClock clock, ILogger log)
{
    private readonly SparePlanes _spare = new();

    /// <summary>Carries out a job.</summary>
    /// <exception cref="EngineException">It failed; with <see cref="EngineError.RestartNeeded"/> the process must end.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public JobResult Run(Job job)
    {
        job.Report(new(job.Id, JobState.Loading));
        JobPlan plan = planner.Plan(job.Request);
        var pixels = Stopwatch.StartNew();
        Picture input = PicturePixels.Read(job.Pixels, new(job.Request.Layout, job.Request.Width, job.Request.Height), _spare, job.Cancellation);
        pixels.Stop();

        var compute = new Stopwatch();
        List<string> notes = [];
        RestoreResult result = Restore(job, input, ref plan, notes, compute);

        pixels.Start();
        string name = job.Request.InPlace ? Path.GetFileName(job.Pixels) : PixelFile.NewName(Environment.ProcessId);
        PicturePixels.Write(Path.Combine(pixelFolder, name), job.Request.InPlace, result.Picture, job.Request.Layout, job.Cancellation);
        pixels.Stop();
        _spare.Keep(input);
        return new()
        {
            JobId = job.Id,
            Pixels = name,
            Width = result.Picture.Width,
            Height = result.Picture.Height,
            Layout = job.Request.Layout,
            Notes = [.. notes, .. result.Notes],
            ComputeSeconds = compute.Elapsed.TotalSeconds,
            PixelSeconds = pixels.Elapsed.TotalSeconds,
            CarriedOut = plan.Request,
        };
    }

    private RestoreResult Restore(Job job, Picture input, ref JobPlan plan, List<string> notes, Stopwatch compute)
    {
        while (true)
        {
            if (!plan.Plan.Fits)
            {
                plan = StepDown(job, plan, notes, null);
                continue;
            }

            try
            {
                Restorer restorer = shelf.Get(plan, job.Cancellation);
                compute.Restart();
                clock.Begin(plan.Plan);
                RestoreResult result = restorer.Restore(input, plan.Plan, new JobReporter(job, clock), settings.Observer, job.Cancellation);
                compute.Stop();
                if (result.Speed is { } speed)
                    planner.Remember(plan.Plan, speed);
                return result;
            }
            catch (Exception failure) when (EngineErrors.IsOutOfMemory(failure))
            {
                JobPlan next = StepDown(job, plan, notes, failure);
                if (!settings.GivesMemoryBack(plan.Plan.Compute.Device))
                    throw new EngineException(EngineError.RestartNeeded, notes[^1], new("Send the request below to the next engine.", Request: next.Request), failure);
                plan = next;
            }
            finally
            {
                clock.End();
            }
        }
    }

    private JobPlan StepDown(Job job, JobPlan tried, List<string> notes, Exception? failure)
    {
        var next = MemoryLadder.Next(tried);
        log.StepsDown(job.Id, tried.Plan.Model.TileOf(tried.Plan.Options), tried.Plan.Compute.UNet, tried.Plan.Compute.Device,
            tried.Plan.PeakMemory, tried.Plan.FreeMemory, next?.Note, failure?.Message);
        if (next is not { } step)
        {
            throw new EngineException(EngineError.OutOfMemory,
                $"Memory does not suffice: {tried.Plan.PeakMemory >> 20} MiB are needed, {tried.Plan.FreeMemory >> 20} MiB can be used.",
                new("Close other programs, or restore the picture in pieces."), failure);
        }
        notes.Add(step.Note);
        job.Report(new(job.Id, JobState.Loading, Note: step.Note));
        return planner.Plan(step.Request);
    }
}
