using System.Collections.Concurrent;
using System.Globalization;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;
using Hypir.Ui.Work;

namespace Hypir.Engine.Restoring;

/// <summary>
/// A running engine that computes a run's images (<c>--engine auto</c>), as long as it gives the same bytes as this process would. Whatever
/// goes wrong with it ends its use, and the image is restored in this process: nothing is lost. It belongs to the thread of the run.
/// </summary>
internal sealed class WarmEngine : IDisposable
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    private readonly RestoreCommandOptions _job;
    private readonly CancellationToken _cancellation;
    private readonly EngineClient _client;
    private readonly Hanging _hanging = new();
    private bool _welcome, _given;
    private string? _problem, _difference;

    /// <summary>Prepares a run. Nothing is sent before the first image.</summary>
    /// <param name="job">The job; <see cref="IsFor"/> holds.</param>
    /// <param name="cancellation">Cancels a job in the engine too.</param>
    public WarmEngine(RestoreCommandOptions job, CancellationToken cancellation)
    {
        (_job, _cancellation) = (job, cancellation);
        TimeSpan patience = Patience();
        _client = new(
            null, new() { Name = "hypir restore", Health = _hanging, HandshakeLimit = patience, SilenceLimit = patience });
    }

    /// <summary>How long an engine may be silent, from the environment, since a busy machine makes it slow.</summary>
    private static TimeSpan Patience()
    {
        string? text = Environment.GetEnvironmentVariable("HYPIR_ENGINE_PATIENCE");
        bool valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and < 1e6;
        return TimeSpan.FromSeconds(valid ? seconds : 15);
    }

    /// <summary>
    /// Whether an engine can do all of a job. Requests know models by name, and know nothing of the reference's way, other weights, or a
    /// file's own colors.
    /// </summary>
    public static bool IsFor(RestoreCommandOptions job) =>
        job is { UsesEngine: true, DryRun: false, ModelName: not null, Mix: null, Threads: null, Force: false, Saving.KeepProfile: false }
        && job.Options is
        {
            Mode: RestoreMode.Fast, Width: null, Height: null, Megapixels: null, Dial: null, ColorFix: false, LimitChange: true,
            Unmerged: false,
        }
        && string.IsNullOrEmpty(KernelChoice.Value);

    /// <summary>Why an engine was not used, or not to the end, as a note for the user; once.</summary>
    public string? TakeProblem()
    {
        string? problem = _problem;
        _problem = null;
        return problem;
    }

    /// <summary>Restores an image in the engine.</summary>
    /// <param name="image">The image.</param>
    /// <param name="plan">Its plan in this process.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="mask">The mask of its area; null if none.</param>
    /// <param name="progress">Receives reports on this thread.</param>
    /// <returns>The result; null if this process must compute it.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted; so is the job in the engine.</exception>
    public RestoreResult? Restore(
        RasterImage image, RestorePlan plan, string model, ImageMask? mask, IProgress<RestoreProgress> progress)
    {
        // A JPEG's coefficients stay here, and what they do to a part would have to be done before it is cut out.
        if (_given || !plan.RunsModel || (ReceivedResult.NeedsFile(image, plan) && (plan.Area is not null || plan.Options.Map)))
            return null;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        _hanging.Cancels = silence;
        try
        {
            if (!Answers(silence.Token))
                return null;
            RestoreRequest request = Request(image, plan, model);
            if (Difference(Await(_client.PlanAsync(request, silence.Token)), plan) is not { } difference)
                return Receive(image, plan, mask, request, progress, silence.Token);
            // Other images may fit.
            if (_difference != difference)
                _problem = difference + "; this process restored the image.";
            _difference = difference;
            return null;
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            return GiveUp("The engine does not answer any more");
        }
        catch (EngineException none) when (none.Error == EngineError.EngineMissing && !_welcome)
        {
            _given = true;
            return null;
        }
        catch (EngineException failure)
        {
            return GiveUp(failure.Error switch
            {
                EngineError.EngineMissing => "The engine ended in the middle of the job",
                EngineError.VersionMismatch => "The running engine has another version",
                _ => "The running engine cannot do this: " + failure.Message.TrimEnd('.'),
            });
        }
        finally
        {
            _hanging.Cancels = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private RestoreResult? GiveUp(string why)
    {
        _given = true;
        _problem = why + "; this process restored the image.";
        return null;
    }

    /// <summary>Whether there is an engine of this version that serves this store.</summary>
    private bool Answers(CancellationToken cancellation)
    {
        if (_welcome)
            return true;
        Welcome engine = Await(_client.ConnectAsync(cancellation));
        string own = typeof(WarmEngine).Assembly.GetName().Version!.ToString(3);
        if (engine.Version != own)
        {
            GiveUp($"The running engine has version {engine.Version}, and this is {own}");
            return false;
        }

        // With another HYPIR_HOME the same name may be another model.
        _given = !Path.GetFullPath(engine.PixelFolder).StartsWith(Path.GetFullPath(AppFolder.Path), StringComparison.Ordinal);
        return _welcome = !_given;
    }

    private static RestoreRequest Request(RasterImage image, RestorePlan plan, string model)
    {
        RestoreOptions options = plan.Options;
        bool timed = plan.Model.SinglePass is null;
        return new()
        {
            Width = image.Width,
            Height = image.Height,
            Layout = EnginePixels.LayoutOf(image),
            Model = model,
            Prompt = options.Prompt,
            Upscale = options.Upscale,
            LongestSide = options.LongestSide,
            Area = options.Area is { } area ? new(area.X, area.Y, area.Width, area.Height) : null,
            KeepRest = options.KeepsRest,
            Strength = ReceivedResult.NeedsFile(image, plan) ? 1 : options.Strength,
            Tile = options.Tile,
            Stride = timed ? options.Stride : null,
            Precision = (RequestPrecision)options.Precision,
            // The engine's default may be another one.
            Device = plan.Compute.Device,
            ModelT = timed ? options.ModelT : null,
            CoeffT = timed ? options.CoeffT : null,
            Seed = options.Seed,
            Map = options.Map,
            AllowCpu = false,
            AllowNarrower = false,
        };
    }

    /// <summary>
    /// Why the engine would not give the same pixels; null if it would. With less memory, tiles become smaller.
    /// </summary>
    private static string? Difference(PlanAnswer engine, RestorePlan plan)
    {
        if (!engine.Fits)
            return "The running engine has too little free memory for this image";
        if (engine.Device != plan.Compute.Device || engine.Precision != (RequestPrecision)plan.Compute.UNet)
            return $"The running engine would compute on {engine.Device} in {engine.Precision.ToString().ToLowerInvariant()}";
        return (engine.OutputWidth, engine.OutputHeight) == (plan.Result.Width, plan.Result.Height)
            && (engine.Tile, engine.Stride, engine.VaeTile) == (plan.UNetTile.Longer, plan.UNetStride.Longer, plan.VaeTile.Longer)
            ? null : "The running engine has less free memory and would use other tiles";
    }

    private RestoreResult? Receive(
        RasterImage image, RestorePlan plan, ImageMask? mask, RestoreRequest request, IProgress<RestoreProgress> progress,
        CancellationToken cancellation)
    {
        using var reports = new BlockingCollection<JobProgress>();
        var job = _client.RestoreAsync(
            request, EnginePixels.RowsOf(image), mask is null ? null : EnginePixels.RowsOf(mask), new Queue(reports), cancellation);
        _ = job.ContinueWith(_ => reports.CompleteAdding(), TaskScheduler.Default);
        JobProgress? last = null;
        while (!reports.IsCompleted)
        {
            // A queue says nothing while it stands still, but people want to know what is waited for.
            if (!reports.TryTake(out JobProgress? report, last?.State == JobState.Queued ? SignOfLife : Timeout.InfiniteTimeSpan))
                report = reports.IsCompleted ? null : last;
            last = report;
            if (report is not null && Stage(report.State) is { } stage)
                progress.Report(new(
                    stage, report.Tile, report.Tiles, report.Fraction,
                    report.RemainingSeconds is { } left ? TimeSpan.FromSeconds(left) : null));
        }

        using RestoredPixels pixels = Await(job);
        RestoreRequest done = pixels.Result.CarriedOut;
        if ((done.Tile, done.Stride, done.Device, done.Precision) != (request.Tile, request.Stride, request.Device, request.Precision))
            return GiveUp("The engine's memory ran short");
        RasterImage result = EnginePixels.Read(pixels, image.Metadata with { Jpeg = null }, cancellation);
        if (ReceivedResult.NeedsFile(image, plan))
            ReceivedResult.Finish(image, result.Rgb, plan);
        return new(result, pixels.Result.Notes) { Map = request.Map ? EnginePixels.ReadMap(pixels, cancellation) : null };
    }

    private static RestoreStage? Stage(JobState state) => state switch
    {
        JobState.Queued => RestoreStage.Waiting,
        JobState.Loading => RestoreStage.Loading,
        JobState.Encoding => RestoreStage.Encoding,
        JobState.Restoring => RestoreStage.Restoring,
        JobState.Decoding => RestoreStage.Decoding,
        JobState.Finishing => RestoreStage.Finishing,
        _ => null,
    };

    /// <summary>The run's thread belongs to torch, which knows nothing of tasks.</summary>
    private static T Await<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private sealed class Queue(BlockingCollection<JobProgress> reports) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            try
            {
                reports.TryAdd(value);
            }
            catch (InvalidOperationException)
            {
                // A late report of a job that is over.
            }
        }
    }

    /// <summary>Gives a job up as soon as the engine counts as hanging.</summary>
    private sealed class Hanging : IProgress<EngineHealth>
    {
        public volatile CancellationTokenSource? Cancels;

        public void Report(EngineHealth value)
        {
            if (value != EngineHealth.Unresponsive)
                return;
            try
            {
                Cancels?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The job ended at this moment.
            }
        }
    }
}
