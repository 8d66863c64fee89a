using System.Diagnostics;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;

namespace Hypir.Engine.Restoring;

/// <summary>Checks whether an image is already done; otherwise plans and loads it. It does not use torch, so it can run on any
/// thread.</summary>
/// <param name="job">The job.</param>
/// <param name="facts">The model.</param>
/// <param name="machine">The machine.</param>
/// <param name="prompts">The prompts.</param>
/// <param name="budget">The memory shared by waiting images.</param>
internal sealed class ImageFetcher(RestoreCommandOptions job, ModelFacts facts, MachineFacts machine, Prompts prompts, MemoryBudget budget)
{
    /// <summary>Longest side of a report's previews, in pixels.</summary>
    public const int PreviewSide = 1024;

    // Our own results may exceed the limits for untrusted files.
    private static readonly ImageLimits AnySize = new() { MaxPixels = long.MaxValue };

    /// <summary>Fetches an image.</summary>
    /// <exception cref="HypirException">The image cannot be read or planned, or there is not enough memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FetchedImage Fetch(ImageJob image, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!job.Overwrite && File.Exists(image.Output) && Keep(image, cancellation) is { } kept)
            return new() { Kept = kept with { DryRun = job.DryRun } };
        if (ImageStore.Problem(image) is { } problem)
            throw problem;
        var info = ImageFile.Inspect(image.Input);
        var options = job.Options with { Prompt = prompts.Of(image) };
        var plan = RestorePlan.Create(
            info.Width, info.Height, info.HasAlpha, options, facts, machine, info.BitsPerSample, info.DecodingBytes, OwnColorBytes(info));
        ImageTarget.Check(image.Output, plan.Sizes.Scaled.Width, plan.Sizes.Scaled.Height, info.HasAlpha, info.BitsPerSample);
        if (job.DryRun)
            return new() { Plan = plan };
        // Before minutes of computation that would end with the system killing this process or others.
        if (!plan.Fits && !job.Force)
            throw new MemoryException(plan);
        return Load(image, info, plan, cancellation);
    }

    private FetchedImage Load(ImageJob image, ImageInfo info, RestorePlan plan, CancellationToken cancellation)
    {
        var hold = budget.Take(BytesOf(info) + OwnColorBytes(info), cancellation);
        try
        {
            var reading = Stopwatch.StartNew();
            var loaded = job.Saving.KeepProfile
                ? ImageFile.LoadWithOwnColors(image.Input, cancellation)
                : ImageFile.Load(image.Input, cancellation: cancellation);
            // The header announces an alpha channel; only the pixels show whether it matters.
            if (plan.Alpha != loaded.Alpha is not null)
                plan = RestorePlan.Create(
                    loaded.Width, loaded.Height, loaded.Alpha is not null, plan.Options, facts, machine, loaded.BitsPerSample,
                    info.DecodingBytes, OwnColorBytes(info));
            return new()
            {
                Plan = plan,
                Image = loaded,
                Hold = hold,
                Before = PreviewOf(loaded),
                Reading = reading.Elapsed,
            };
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Keeps an existing result, unless a run is resumed and the result is damaged.</summary>
    private Outcome? Keep(ImageJob image, CancellationToken cancellation)
    {
        var kept = Outcome.Keep(silent: job.Resume);
        if (!job.Resume && job.Report is null)
            return kept;
        Preview? after;
        try
        {
            // A file is complete only if its last row can be read.
            after = Look(image.Output, cancellation);
        }
        catch (ImageException failure)
        {
            return job.Resume ? null : kept with { Notes = [failure.Message] };
        }

        try
        {
            return job.Report is null ? kept : kept with { Before = Look(image.Input, cancellation), After = after };
        }
        catch (ImageException failure)
        {
            return kept with { Notes = [failure.Message] };
        }
    }

    private Preview? Look(string path, CancellationToken cancellation)
    {
        using var hold = budget.Take(BytesOf(ImageFile.Inspect(path, AnySize)), cancellation);
        return PreviewOf(ImageFile.Load(path, AnySize, cancellation));
    }

    private Preview? PreviewOf(RasterImage image) => job.Report is null ? null : Preview.Of(image, PreviewSide);

    private long OwnColorBytes(ImageInfo info) => job.Saving.KeepProfile ? BytesOf(info) : 0;

    private static long BytesOf(ImageInfo info) => (long)info.Width * info.Height * (info.HasAlpha ? 4 : 3) * (info.BitsPerSample / 8);
}

/// <summary>An image ready for its turn: kept, planned, or planned and loaded.</summary>
internal sealed record FetchedImage
{
    /// <summary>The outcome if an existing result is kept; null if the image is to be restored.</summary>
    public Outcome? Kept { get; init; }

    /// <summary>The plan; null if the result is kept.</summary>
    public RestorePlan? Plan { get; init; }

    /// <summary>The image; null if nothing is computed.</summary>
    public RasterImage? Image { get; init; }

    /// <summary>The memory share that it holds while waiting; null if nothing is computed.</summary>
    public MemoryBudget.Hold? Hold { get; init; }

    /// <summary>The preview for the report; null if there is no report.</summary>
    public Preview? Before { get; init; }

    /// <summary>Time taken to read it.</summary>
    public TimeSpan Reading { get; init; }
}
