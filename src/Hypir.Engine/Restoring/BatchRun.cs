using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>
/// Restores the images of a job one after another on the calling thread, while the next one is read and the previous one is written. A
/// failed image is reported, and the run continues.
/// </summary>
internal sealed class BatchRun
{
    private readonly RestoreCommandOptions _job;
    private readonly IReporter _reporter;
    private readonly Interruption _interruption;
    private readonly SpeedBook _speeds;
    private readonly FoundImages _found;
    private readonly IReadOnlyList<ImageJob> _images;
    private readonly ModelPicker _models;
    private readonly MachineFacts _machine;
    private readonly MemoryBudget _memory;
    private readonly ImageFetcher _fetcher;
    private readonly ImageStore _store;
    private readonly Conveyor<FetchedImage, Outcome> _conveyor;
    private readonly RunTally _tally;
    private readonly WarmEngine? _engine;
    private MemoryBudget.Hold? _atWork;
    private readonly PlanTotals _totals = new();
    private readonly BatchForecast _forecast;

    /// <summary>Finds the images and reads the model's configuration, but no weights.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reporter">Receives the results.</param>
    /// <param name="interruption">Cancels the run.</param>
    /// <param name="speeds">Speeds measured on this machine.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="tally">Counts what became of the images.</param>
    /// <exception cref="HypirException">The job as a whole is impossible.</exception>
    public BatchRun(
        RestoreCommandOptions job, IReporter reporter, Interruption interruption, SpeedBook speeds, IMachine machine, RunTally tally)
    {
        (_job, _reporter, _interruption, _speeds, _tally) = (job, reporter, interruption, speeds, tally);
        var found = ImageFinder.Find(job, AppFolder.Outputs.Read());
        var places = new ResultPlaces(found.Images, job);
        places.Check(found.Images, job);
        _found = found.Of(job.Shard);
        _images = _found.Images;
        _tally.Begin(_images, job);
        RequireSomePlace();
        _models = new ModelPicker(job);
        ModelFacts usual = _models.Usual.Facts;
        _models.Usual.Source.RequireLora(job.Lora);
        LoraCheck.Require(job.Lora, job.Model);
        _machine = machine.Look() with { Speeds = speeds.Read() };
        // Before the first plan, which the speeds decide.
        foreach (UsedModel model in job.DryRun ? [] : _models.All)
            _machine = DeviceTrial.Run(model.Source, job.Lora, job.Options, _machine, speeds, interruption.Token);
        _memory = new MemoryBudget(_machine.FreeMemory);
        _fetcher = new ImageFetcher(job, _models, _machine, new Prompts(job.PromptFolder, job.Options.Prompt, usual), _memory);
        _store = new ImageStore(job, places, interruption);
        _forecast = BatchForecast.Of(_images.Count);
        _engine = WarmEngine.IsFor(job) ? new(job, interruption.Token) : null;
        _conveyor = new()
        {
            Fetch = (i, cancellation) => _fetcher.Fetch(_images[i], cancellation),
            Enter = Enter,
            Work = Work,
            Stored = Stored,
        };
        // Report problems that do not depend on the image only once.
        int side = usual.TileOf(job.Options);
        _ = RestorePlan.Create(side, side, alpha: false, job.Options.AtOwnSize(), usual, _machine);
    }

    /// <summary>Runs the job.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="HypirException">The model's weights cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public ExitCode Run()
    {
        var whole = Stopwatch.StartNew();
        _reporter.Started(_images.Count);
        _reporter.LeftOut(_found);
        foreach (var failure in _found.Unreadable)
            Fail(null, new(failure.Path, failure.Path, failure.Path), failure);
        if (_found.Folder is { } folder && !_job.DryRun)
            AppFolder.Outputs.Remember(folder);
        if (_job.Resume && !_job.DryRun)
            TemporaryFiles.Sweep(_images.Select(image => image.Output));
        using (new ReadAhead(_images.Count, i => _fetcher.WorkOf(_images[i]), _forecast, _interruption.Token))
        using (_engine)
            _conveyor.Run(_images.Count, _interruption.Token);
        IReadOnlyList<Exception> failures = _tally.Failures;
        if (_job.DryRun)
        {
            (_totals.Kept, _totals.Refused) = (_tally.Kept, failures.Count);
            _reporter.Planned(_totals);
        }
        else
        {
            bool several =
                _images.Count != 1
                || failures.Count > 1
                || _found.LeftOut.Count > 0
                || _found.Unreadable.Count > 0
                || _job.Resume
                || _job.Shard is not null;
            _reporter.Finished(
                new(_tally.Restored, _tally.Kept, failures.Count, whole.Elapsed, several) { LeftOut = _found.LeftOut });
        }

        return failures.Count == 0 && _found.LeftOut.Count == 0 ? ExitCode.Success
            : _images.Count == 1 && failures.Count == 1 && _found is { Unreadable.Count: 0, LeftOut.Count: 0 }
                ? ExitCodes.Of(failures[0])
            : ExitCode.SomeFailed;
    }

    /// <summary>If no result can be written, reports that once and not for each image.</summary>
    private void RequireSomePlace()
    {
        OutputException? first = null;
        foreach (var image in _images)
        {
            bool kept = !_job.Overwrite && File.Exists(image.Output);
            if (kept || ImageStore.Problem(image) is not { } problem)
                return;
            first ??= problem;
        }

        if (first is not null)
            throw first;
    }

    /// <summary>Trades the memory share of the waiting image for that of its plan.</summary>
    private void Enter(int i, Task<FetchedImage> fetched)
    {
        if (!fetched.IsCompletedSuccessfully || fetched.Result is not { Hold: { } waiting, Plan: { } plan })
            return;
        waiting.Dispose();
        _atWork = _memory.Take(plan.PeakMemory, _interruption.Token);
    }

    private Func<Outcome>? Work(int i, Task<FetchedImage> fetched)
    {
        bool loading = false;
        try
        {
            _interruption.Token.ThrowIfCancellationRequested();
            var image = fetched.GetAwaiter().GetResult();
            if (image.Kept is { } kept)
            {
                _tally.Keep(i);
                _reporter.Done(_images[i], kept);
            }

            if (image is not { Plan: { } plan, Model: { } model })
                return null;
            // A damaged tokenizer ends the run, as it would when the model is loaded.
            loading = _job.DryRun;
            string? cut = _job.DryRun && plan.RunsModel ? model.Source.NoteOnPrompt(plan.Options.Prompt) : null;
            loading = false;
            var summary = PlanSummary.Of(plan, _job.Lora, image.Reason, cut);
            _reporter.Planned(_images[i], summary, _job.DryRun);
            if (_job.DryRun && !plan.Fits && !_job.Force)
                throw new MemoryException(plan);
            if (_job.DryRun)
                _totals.Add(summary, plan.Result.Pixels * (plan.Alpha ? 4 : 3) * (plan.BitsPerSample / 8));
            if (image.Image is not { } pixels)
                return null;
            // Before minutes of computation, not after.
            ImageStore.MakeFolder(_images[i].Output);
            _forecast.Begin(i, BatchForecast.WorkOf(plan));
            var result = _reporter.RunWithProgress(_images[i], _forecast, progress =>
            {
                if (RestoreInEngine(pixels, plan, model, progress) is { } done)
                    return done;
                loading = model.Restorer is null;
                model.Restorer ??= Load(model, progress);
                loading = false;
                return Restore(pixels, AtCurrentSpeed(plan, model), model, progress);
            });
            var hold = _atWork!;
            hold.ShrinkTo(BytesOf(result.Restored.Image));
            _atWork = null;
            RestoreResult restored = image.Reason is { } reason
                ? result.Restored with { Notes = [reason, .. result.Restored.Notes] } : result.Restored;
            return Storing(i, Shown(image, plan), image.Reading + result.Computing, restored, hold);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !loading)
        {
            Fail(i, _images[i], failure);
            return null;
        }
        finally
        {
            _forecast.End(i);
            _atWork?.Dispose();
            _atWork = null;
        }
    }

    /// <summary>
    /// The plan with the time that this run's speed gives, which is measured before the first image if this machine never ran the model.
    /// </summary>
    private RestorePlan AtCurrentSpeed(RestorePlan plan, UsedModel model)
    {
        if (model.Speed is null && plan is { RunsModel: true, Seconds: null })
            model.Speed = model.Restorer!.MeasureSpeed(plan.Options, _machine, _interruption.Token);
        return model.Speed is { } speed ? plan.AtSpeed(speed) : plan;
    }

    /// <summary>A separate method, so that the closure does not keep the input image alive.</summary>
    private Func<Outcome> Storing(int i, ShownImage shown, TimeSpan soFar, RestoreResult result, MemoryBudget.Hold hold) => () =>
    {
        using (hold)
        {
            var outcome = _store.Save(_images[i], shown, soFar, result);
            _tally.Restore(i);
            return outcome;
        }
    };

    private static ShownImage Shown(FetchedImage image, RestorePlan plan) =>
        new(image.Before, image.BeforeDetail, ImageFetcher.DetailOf(plan));

    private void Stored(int i, Task<Outcome> stored)
    {
        try
        {
            _reporter.Done(_images[i], stored.GetAwaiter().GetResult());
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Fail(i, _images[i], failure);
        }
    }

    private void Fail(int? place, ImageJob image, Exception failure)
    {
        _tally.Fail(place, failure);
        _reporter.Failed(image, failure);
    }

    private Restorer Load(UsedModel model, IProgress<RestoreProgress> progress)
    {
        progress.Report(new RestoreProgress(RestoreStage.Loading, 0, 1, 0, null));
        if (_job.Threads is { } threads)
            Restorer.LimitThreads(threads);
        return Restorer.Load(model.Source, _job.Options, _machine, _job.Lora, _interruption.Token);
    }

    private (RestoreResult Restored, TimeSpan Computing)? RestoreInEngine(
        RasterImage image, RestorePlan plan, UsedModel model, IProgress<RestoreProgress> progress)
    {
        var computing = Stopwatch.StartNew();
        return _engine?.Restore(image, plan, model.Name!, _fetcher.Mask?.Shares, Watching(progress)) is { } result
            ? (result, computing.Elapsed) : null;
    }

    private Observer Watching(IProgress<RestoreProgress> progress) => new(step =>
    {
        _conveyor.TellStored();
        progress.Report(step);
    });

    private (RestoreResult Restored, TimeSpan Computing) Restore(
        RasterImage image, RestorePlan plan, UsedModel model, IProgress<RestoreProgress> progress)
    {
        var computing = Stopwatch.StartNew();
        var result = model.Restorer!.Restore(image, plan, _fetcher.Mask?.Shares, Watching(progress), _interruption.Token);
        if (_engine?.TakeProblem() is { } problem)
            result = result with { Notes = [problem, .. result.Notes] };
        // Speeds on fewer cores would distort the estimates of other runs.
        if (result.Speed is { } speed && _job.Threads is null)
            _speeds.Learn(plan, speed);
        model.Speed = result.Speed?.OperationsPerSecond ?? model.Speed;
        return (result, computing.Elapsed);
    }

    private static long BytesOf(RasterImage image) => image.Rgb.LongLength + (image.Alpha?.LongLength ?? 0);
}
