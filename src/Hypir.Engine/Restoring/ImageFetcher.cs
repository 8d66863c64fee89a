using System.Diagnostics;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Machine;
using Hypir.Restoration.Planning.Memory;

namespace Hypir.Engine.Restoring;

/// <summary>Looks whether an image is done already, and else plans and loads it. It uses no torch, so that any thread can do it.</summary>
/// <param name="job">What is to be done.</param>
/// <param name="facts">The model.</param>
/// <param name="machine">The machine.</param>
/// <param name="prompts">What the images show.</param>
/// <param name="budget">Memory for what waits.</param>
internal sealed class ImageFetcher(RestoreCommandOptions job, ModelFacts facts, MachineFacts machine, Prompts prompts, MemoryBudget budget)
{
    /// <summary>Longest side of the previews of a report, in pixels.</summary>
    public const int PreviewSide = 1024;

    // A result may be larger than what is accepted from strangers.
    private static readonly ImageLimits AnySize = new() { MaxPixels = long.MaxValue };

    /// <summary>Fetches an image.</summary>
    /// <exception cref="HypirException">It cannot be read or planned, or memory does not suffice for it.</exception>
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
        // Before minutes of computation at whose end the system would end the process, or others.
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
            // The header tells of an alpha channel; the pixels tell whether it matters.
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

    /// <summary>Keeps a result that is there; not one that is damaged, where a run is resumed.</summary>
    private Outcome? Keep(ImageJob image, CancellationToken cancellation)
    {
        var kept = Outcome.Keep(silent: job.Resume);
        if (!job.Resume && job.Report is null)
            return kept;
        Preview? after;
        try
        {
            // Only the last row tells that a file is whole.
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

/// <summary>An image when its turn comes: kept, planned, or planned and loaded.</summary>
internal sealed record FetchedImage
{
    /// <summary>What became of it already: there is a result, and it is kept. Null where it is to be restored.</summary>
    public Outcome? Kept { get; init; }

    /// <summary>How it is restored; null where it is kept.</summary>
    public RestorePlan? Plan { get; init; }

    /// <summary>The image; null where nothing is computed.</summary>
    public RasterImage? Image { get; init; }

    /// <summary>The memory that it takes while it waits; null where nothing is computed.</summary>
    public MemoryBudget.Hold? Hold { get; init; }

    /// <summary>What a report shows of it; null where there is none.</summary>
    public Preview? Before { get; init; }

    /// <summary>Time it took to read.</summary>
    public TimeSpan Reading { get; init; }
}
