using System.Diagnostics;
using Hypir.Engine.Reporting;
using Hypir.Networks;
using Hypir.Restoration.Images;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>Restores the images of a job one after another, on the calling thread. An image that fails is told, and the others go on.</summary>
internal sealed class BatchRun
{
    private readonly RestoreJob _job;
    private readonly IReporter _reporter;
    private readonly Interruption _interruption;
    private readonly SpeedBook _speeds;
    private readonly IReadOnlyList<PictureJob> _pictures;
    private readonly ModelFolder _model;
    private readonly ModelFacts _facts;
    private readonly MachineFacts _machine;
    private readonly Prompts _prompts;
    private Restorer? _restorer;
    private int _restored, _kept;

    /// <summary>Finds the images and reads what is to know of the model, but no weights.</summary>
    /// <param name="job">What is to be done.</param>
    /// <param name="reporter">Is told how it goes.</param>
    /// <param name="interruption">Ends the run.</param>
    /// <param name="speeds">Speeds measured on this machine.</param>
    /// <exception cref="HypirException">The job as a whole cannot be done.</exception>
    public BatchRun(RestoreJob job, IReporter reporter, Interruption interruption, SpeedBook speeds)
    {
        (_job, _reporter, _interruption, _speeds) = (job, reporter, interruption, speeds);
        _pictures = PictureFinder.Find(job);
        _model = ModelFolder.Open(job.Model);
        _facts = ModelFacts.Read(_model);
        _prompts = new Prompts(job.PromptFolder, job.Options.Prompt, _facts);
        _machine = MachineFacts.Detect() with { Speeds = speeds.Read() };
        // What is wrong with the options whatever the image is told once.
        int side = _facts.TileOf(job.Options);
        _ = RestorePlan.Create(side, side, alpha: false, job.Options with { Upscale = 1, LongestSide = null }, _facts, _machine);
    }

    /// <summary>Runs the job.</summary>
    /// <returns>What the program's exit code is to say.</returns>
    /// <exception cref="HypirException">The model's weights cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public ExitCode Run()
    {
        List<Exception> failures = [];
        for (int i = 0; i < _pictures.Count; i++)
        {
            _interruption.Token.ThrowIfCancellationRequested();
            bool loading = false;
            try
            {
                if (Plan(_pictures[i]) is not { } plan)
                    continue;
                var outcome = _reporter.Watch(_pictures[i], i + 1, _pictures.Count, progress =>
                {
                    loading = _restorer is null;
                    _restorer ??= Load(progress);
                    loading = false;
                    return Restore(_pictures[i], plan, _restorer, progress);
                });
                _reporter.Done(_pictures[i], outcome);
                _restored++;
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !loading)
            {
                failures.Add(failure);
                _reporter.Failed(_pictures[i], failure);
            }
        }

        if (_pictures.Count > 1 && !_job.DryRun)
            _reporter.Finished(_restored, _kept, failures.Count);
        return failures.Count == 0 ? ExitCode.Success : _pictures.Count == 1 ? ExitCodes.Of(failures[0]) : ExitCode.SomeFailed;
    }

    /// <summary>The plan of an image, or null where nothing is to be computed.</summary>
    private RestorePlan? Plan(PictureJob picture)
    {
        if (!_job.Overwrite && File.Exists(picture.Output))
        {
            _kept++;
            _reporter.Done(picture, new Outcome(Kept: true, 0, 0, TimeSpan.Zero, []));
            return null;
        }

        var info = PictureFile.Inspect(picture.Input);
        var options = _job.Options with { Prompt = _prompts.Of(picture) };
        var plan = RestorePlan.Create(info.Width, info.Height, info.HasAlpha, options, _facts, _machine, info.BitsPerSample);
        _reporter.Planned(picture, PlanSummary.Of(plan), _job.DryRun);
        return _job.DryRun ? null : plan;
    }

    private Restorer Load(IProgress<RestoreProgress> progress)
    {
        progress.Report(new RestoreProgress(RestoreStage.Loading, 0, 1, 0, null));
        return Restorer.Load(_model, _job.Options, _job.Lora, _interruption.Token);
    }

    private Outcome Restore(PictureJob picture, RestorePlan plan, Restorer restorer, IProgress<RestoreProgress> progress)
    {
        var whole = Stopwatch.StartNew();
        // Before minutes of computation, not after.
        MakeFolder(picture.Output);
        var loaded = PictureFile.Load(picture.Input, cancellation: _interruption.Token);
        // The header tells of an alpha channel; the pixels tell whether it matters.
        if (plan.Alpha != loaded.Alpha is not null)
            plan = RestorePlan.Create(loaded.Width, loaded.Height, loaded.Alpha is not null, plan.Options, _facts, _machine, loaded.BitsPerSample);
        var result = restorer.Restore(loaded, plan, progress, _interruption.Token);
        var saved = _interruption.Undivided(() => Save(result.Picture, picture.Output));
        if (result.Speed is { } speed && IsTelling(plan, speed))
            _speeds.Remember(speed);
        return new Outcome(Kept: false, result.Picture.Width, result.Picture.Height, whole.Elapsed, [.. result.Notes, .. saved.Notes]);
    }

    /// <summary>Whether a measurement tells more than what is known: start-up costs drown a short one, unmerged weights are another computation.</summary>
    private bool IsTelling(RestorePlan plan, MeasuredSpeed speed) => !plan.Options.Unmerged
        && (plan.Operations / speed.OperationsPerSecond > 1 || _machine.SpeedOf(speed.Device, speed.Precision, speed.Model) is null);

    private SaveReport Save(Picture picture, string path)
    {
        try
        {
            return PictureFile.Save(picture, path, cancellation: _interruption.Token);
        }
        catch (PictureException failure)
        {
            throw new OutputException(failure.Message, failure.Remedy, failure);
        }
    }

    private static void MakeFolder(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder {folder} cannot be made: {failure.Message}", "Choose another --output.", failure);
        }
    }
}
