using System.Diagnostics;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Jpeg;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;

namespace Hypir.Engine.Restoring;

/// <summary>Checks whether an image is already done; otherwise plans and loads it. It does not use torch, so it can run on any
/// thread.</summary>
/// <param name="job">The job.</param>
/// <param name="models">The models.</param>
/// <param name="machine">The machine.</param>
/// <param name="prompts">The prompts.</param>
/// <param name="budget">The memory shared by waiting images.</param>
internal sealed class ImageFetcher(
    RestoreCommandOptions job, ModelPicker models, MachineFacts machine, Prompts prompts, MemoryBudget budget)
{
    /// <summary>Longest side of a report's previews, in pixels.</summary>
    public const int PreviewSide = 1024;

    private const double DetailWidth = 640, DetailHeight = 420;

    // Our own results may exceed the limits for untrusted files.
    private static readonly ImageLimits AnySize = new() { MaxPixels = long.MaxValue };

    /// <summary>Fetches an image.</summary>
    /// <exception cref="HypirException">The image cannot be read or planned, or there is not enough memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FetchedImage Fetch(ImageJob image, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!job.Overwrite && File.Exists(image.Output) && Keep(image, cancellation) is var (kept, size))
            return new() { Kept = WithMapNote(WithSizeNote(kept, image, size)) with { DryRun = job.DryRun } };
        if (ImageStore.Problem(image) is { } problem)
            throw problem;
        var info = ImageFile.Inspect(image.Input);
        var options = (Mask?.For(image, info, job.Options) ?? job.Options) with { Prompt = prompts.Of(image) };
        RestorePlan Plan(UsedModel model, bool alpha) => RestorePlan.Create(
            info.Width, info.Height, alpha, options, model.Facts, machine, info.BitsPerSample, info.DecodingBytes, OwnColorBytes(info),
            JpegBytes(image, info));
        var plan = Plan(models.Usual, info.HasAlpha);
        ImageTarget.Check(image.Output, plan.Result.Width, plan.Result.Height, info.HasAlpha, info.BitsPerSample);
        if (job.Map is { } map)
            ImageTarget.Check(map, plan.Result.Width, plan.Result.Height, alpha: false, bitsPerSample: 8);
        UsedModel model = models.Of(plan);
        if (model != models.Usual)
            plan = Plan(model, info.HasAlpha);
        if (job.DryRun && models.Strong is null)
            return new() { Plan = plan, Model = model };
        if (!job.DryRun && model == models.Usual)
            RequireMemory(plan);
        return Load(image, info, plan, Plan, cancellation);
    }

    /// <summary>Before minutes of computation that would end with the system killing this process or others.</summary>
    private void RequireMemory(RestorePlan plan)
    {
        if (!plan.Fits && !job.Force)
            throw new MemoryException(plan);
    }

    /// <summary>What an image will take, as <see cref="BatchForecast.WorkOf"/> counts; 0 if it will be kept or fail.</summary>
    public double WorkOf(ImageJob image)
    {
        try
        {
            if (!job.Overwrite && File.Exists(image.Output))
                return 0;
            return BatchForecast.WorkOf(PlanOf(image));
        }
        catch (HypirException)
        {
            // It is reported when its turn comes.
            return 0;
        }
    }

    /// <summary>The plan by an image's header alone: for its work and its result's size, not for its memory.</summary>
    private RestorePlan PlanOf(ImageJob image)
    {
        var info = ImageFile.Inspect(image.Input);
        var options = Mask?.For(image, info, job.Options) ?? job.Options;
        RestorePlan Plan(UsedModel model) =>
            RestorePlan.Create(info.Width, info.Height, info.HasAlpha, options, model.Facts, machine, info.BitsPerSample);
        var plan = Plan(models.Usual);
        UsedModel model = models.Of(plan);
        return model == models.Usual ? plan : Plan(model);
    }

    /// <summary>The mask of all images; null if there is none.</summary>
    public MaskFile? Mask { get; } = job.Mask is null ? null : MaskFile.Open(job.Mask);

    /// <summary>Adds a note if a result that is kept has another size than these settings give.</summary>
    /// <param name="kept">The outcome so far.</param>
    /// <param name="image">The image.</param>
    /// <param name="found">The result's size if it was opened already.</param>
    private Outcome WithSizeNote(Outcome kept, ImageJob image, PixelSize? found)
    {
        try
        {
            PixelSize size = PlanOf(image).Result, there = found ?? SizeOf(image.Output);
            return size == there ? kept : kept with
            {
                // Not even a resumed run may pass over it.
                Silent = false,
                Notes =
                [
                    .. kept.Notes,
                    $"It was made with other settings: it has {there.Width}x{there.Height} pixels, and these settings give {size}.",
                ],
            };
        }
        catch (ImageException)
        {
            // What cannot be read cannot be compared.
            return kept;
        }
    }

    private Outcome WithMapNote(Outcome kept) => job.Map is null ? kept : kept with
    {
        Silent = false,
        Notes = [.. kept.Notes, "No map was made: that takes another restoration."],
    };

    /// <summary>Loads an image, and plans it again if its pixels show what its header does not.</summary>
    private FetchedImage Load(
        ImageJob image, ImageInfo info, RestorePlan plan, Func<UsedModel, bool, RestorePlan> replan, CancellationToken cancellation)
    {
        var hold = budget.Take(BytesOf(info) + OwnColorBytes(info) + (plan.FollowsJpeg ? plan.JpegBytes : 0), cancellation);
        try
        {
            var reading = Stopwatch.StartNew();
            var loaded = job.Saving.KeepProfile
                ? ImageFile.LoadWithOwnColors(image.Input, cancellation)
                : ImageFile.Load(image.Input, cancellation: cancellation);
            if (plan.FollowsJpeg)
            {
                var jpeg = JpegCoefficients.Read(image.Input, loaded, cancellation);
                loaded = loaded.With(loaded.Metadata with { Jpeg = jpeg });
            }

            var (model, choice) = models.Of(plan, loaded);
            string? reason = choice?.Reason(model.Name!);
            // The header announces an alpha channel; only the pixels show whether it matters.
            bool alpha = loaded.Alpha is not null;
            if (plan.Alpha != alpha || plan.Model != model.Facts)
                plan = replan(model, alpha);
            if (!plan.Fits && model != models.Usual)
            {
                (model, reason) = (models.Usual, choice!.Reason(model.Name!, models.Usual.Name!));
                plan = replan(model, alpha);
            }

            if (job.DryRun)
            {
                hold.Dispose();
                return new() { Plan = plan, Model = model, Reason = reason };
            }

            RequireMemory(plan);
            return new()
            {
                Plan = plan,
                Model = model,
                Reason = reason,
                Image = loaded,
                Hold = hold,
                Before = PreviewOf(loaded),
                BeforeDetail = job.Report is not null && DetailOf(plan) is { } share ? Preview.OfMiddle(loaded, share) : null,
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
    private (Outcome Kept, PixelSize? Size)? Keep(ImageJob image, CancellationToken cancellation)
    {
        var kept = Outcome.Keep(silent: job.Resume);
        if (!job.Resume && job.Report is null)
            return (kept, null);
        (Preview? Preview, PixelSize Size) after;
        try
        {
            // A file is complete only if its last row can be read.
            after = Look(image.Output, cancellation);
        }
        catch (ImageException failure)
        {
            return job.Resume ? null : (kept with { Notes = [failure.Message] }, null);
        }

        try
        {
            return (job.Report is null ? kept
                : kept with { Before = Look(image.Input, cancellation).Preview, After = after.Preview }, after.Size);
        }
        catch (ImageException failure)
        {
            return (kept with { Notes = [failure.Message] }, after.Size);
        }
    }

    private (Preview? Preview, PixelSize Size) Look(string path, CancellationToken cancellation)
    {
        using var hold = budget.Take(BytesOf(ImageFile.Inspect(path, AnySize)), cancellation);
        var image = ImageFile.Load(path, AnySize, cancellation);
        return (PreviewOf(image), new(image.Width, image.Height));
    }

    private static PixelSize SizeOf(string path)
    {
        var info = ImageFile.Inspect(path, AnySize);
        return new(info.Width, info.Height);
    }

    /// <summary>
    /// The part of width and height that a report shows pixel by pixel; null if its preview of the whole is not reduced.
    /// </summary>
    public static (double Width, double Height)? DetailOf(RestorePlan plan) =>
        plan.Area is not null || Math.Max(plan.Result.Width, plan.Result.Height) <= PreviewSide ? null
            : (Math.Min(1, DetailWidth / plan.Result.Width), Math.Min(1, DetailHeight / plan.Result.Height));

    private Preview? PreviewOf(RasterImage image) => job.Report is null ? null : Preview.Of(image, PreviewSide);

    private long OwnColorBytes(ImageInfo info) => job.Saving.KeepProfile ? BytesOf(info) : 0;

    private static long JpegBytes(ImageJob image, ImageInfo info) =>
        info.Format == ImageFormat.Jpeg ? JpegCoefficients.BytesOf(image.Input) : 0;

    private static long BytesOf(ImageInfo info) => (long)info.Width * info.Height * (info.HasAlpha ? 4 : 3) * (info.BitsPerSample / 8);
}

/// <summary>An image ready for its turn: kept, planned, or planned and loaded.</summary>
internal sealed record FetchedImage
{
    /// <summary>The outcome if an existing result is kept; null if the image is to be restored.</summary>
    public Outcome? Kept { get; init; }

    /// <summary>The plan; null if the result is kept.</summary>
    public RestorePlan? Plan { get; init; }

    /// <summary>The model; null if the result is kept.</summary>
    public UsedModel? Model { get; init; }

    /// <summary>Why this model was chosen; null if it was named.</summary>
    public string? Reason { get; init; }

    /// <summary>The image; null if nothing is computed.</summary>
    public RasterImage? Image { get; init; }

    /// <summary>The memory share that it holds while waiting; null if nothing is computed.</summary>
    public MemoryBudget.Hold? Hold { get; init; }

    /// <summary>The preview for the report; null if there is no report.</summary>
    public Preview? Before { get; init; }

    /// <summary>The middle of the image for the report; null if the preview shows each pixel.</summary>
    public Preview? BeforeDetail { get; init; }

    /// <summary>Time taken to read it.</summary>
    public TimeSpan Reading { get; init; }
}
