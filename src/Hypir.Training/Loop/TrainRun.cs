using Hypir.Core.Files;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degradation;
using Hypir.Training.Logging;
using Hypir.Training.Models;
using Hypir.Training.Photos;
using Hypir.Training.Resuming;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>
/// A training run from its first batch, or from its interruption, to its last. The effect of a batch depends only on the configuration, the
/// batch's number, and the checkpoint, so an interrupted run ends with the same weights as an uninterrupted one.
/// </summary>
internal sealed class TrainRun : IDisposable
{
    private const int MostSkippedInARow = 3;

    // Random streams of the seed: samples and batches use those from 0, the pool uses -1.
    private const long FirstNoiseStream = -2;

    private readonly TrainSettings _settings;
    private readonly RunFolder _folder;
    private readonly ITrainReporter _reporter;
    private readonly TrainCheckpoints _checkpoints;
    private readonly Device _device;
    private readonly RunIdentity _identity;
    private readonly ITrainingModel _model;
    private readonly Trainer _trainer;
    private readonly IPairSource _pairs;
    private readonly TrainLog _log;
    private readonly LearningRates _rates;
    private readonly ThroughputMeter _pace = new();
    private readonly Sampler _sampler;
    private readonly PauseFile _pause;
    private long _savedBatch = -1;
    private int _skippedInARow;
    private double? _score;

    /// <summary>Loads everything, and resumes an earlier run if there is one.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="folder">The run's folder; the caller holds it.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="entries">The images to train on.</param>
    /// <param name="sources">Finds weights that the configuration does not name.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="reporter">Receives progress.</param>
    /// <param name="pause">The run waits while it exists.</param>
    /// <param name="cancellation">Cancels loading.</param>
    /// <exception cref="HypirException">A model, weights, images or a checkpoint are missing or unusable.</exception>
    public TrainRun(
        TrainSettings settings, RunFolder folder, RunStart start, IReadOnlyList<ManifestEntry> entries, WeightSources sources,
        Device device, ITrainReporter reporter, PauseFile pause, CancellationToken cancellation)
    {
        _pause = pause;
        (_settings, _folder, _reporter, _device, _identity) = (settings, folder, reporter, device, start.Identity);
        _checkpoints = new(folder.Path);
        var checkpoint = start.Checkpoint;
        _model = TrainingModels.Load(settings, sources, entries.Select(entry => entry.Prompt), device, reporter.Noted, cancellation);
        _trainer = new(_model.Networks, TrainingOptions.Of(settings));
        var state = checkpoint is null ? null : Usable(CheckpointFiles.Read(checkpoint, _trainer, settings.Data.Seed));
        if (checkpoint is not null && !settings.ResumeEma)
            _trainer.Average?.Reset();
        _sampler = new(settings, entries, _model, _trainer, device, cancellation);
        _pairs = PairSources.Create(settings.Data, entries, device, state);
        _log = new(folder, settings, _trainer.Counters.Batches);
        _rates = new(settings);
        if (checkpoint is not null)
        {
            _score = checkpoint.Score;
            _savedBatch = _trainer.Counters.Batches;
            reporter.Noted($"The run resumes from {checkpoint.Folder}.");
        }
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="cancellation">Ends the run after the current batch; it is saved.</param>
    /// <returns>Whether the run is complete.</returns>
    /// <exception cref="TrainingException">Three steps in a row were not finite.</exception>
    /// <exception cref="OutputException">Something cannot be written.</exception>
    public bool Run(CancellationToken cancellation)
    {
        _reporter.Started(Step, _settings.MaxTrainSteps);
        try
        {
            while (Step < _settings.MaxTrainSteps)
                Batch(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Save();
            Report();
            return false;
        }
        Save();
        Report();
        _reporter.Noted($"The weights are in {_model.WriteFinished(_folder, _trainer)}.");
        return true;
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        _log.Dispose();
        _pairs.Dispose();
        _trainer.Dispose();
        _model.Dispose();
    }

    private long Step => _trainer.Counters.Steps;

    private void Batch(CancellationToken cancellation)
    {
        _pause.Wait(_reporter.Noted, cancellation);
        using var scope = NewDisposeScope();
        var (pairs, skipped) = _pairs.Next(cancellation);
        foreach (string what in skipped)
            _reporter.Noted($"Skipped: {what}");
        long before = Step;
        _rates.Set(_trainer);
        using var batch = Prepare(pairs);
        var reports = _trainer.Step(batch);
        Check(reports, pairs);
        _log.Add(Step, reports);
        if (Step != before)
            AfterStep(batch);
        _reporter.Stepped(_pace.Count(pairs.Pairs.Count, Step, _settings.MaxTrainSteps, _log));
    }

    /// <summary>Periodic work. It must not affect the training.</summary>
    private void AfterStep(PreparedBatch batch)
    {
        if (Step % _settings.LogGradSteps == 0 && _settings.LogGradModules.Count > 0)
            _log.Gradients(Step, module => TrainingViews.GradientNorms(_trainer, batch, name => GradientModules.Matches(name, module)));
        if (Step % _settings.LogImageSteps == 0)
            _log.Samples(Step, _sampler.Samples());
        if (_sampler.Validates && Step % _settings.ValidationSteps == 0)
        {
            var measured = _sampler.Measure();
            _score = measured.Score;
            _log.Validation(Step, measured);
            _reporter.Noted($"Step {Step}: validation {measured}");
        }
        if (Step % _settings.CheckpointingSteps == 0)
        {
            Save();
            Report();
        }
    }

    private PreparedBatch Prepare(PairBatch pairs) =>
        _model.Prepare(pairs, new SeededRandom(_settings.Data.Seed, FirstNoiseStream - pairs.Number).Seed(), _device);

    private void Check(IReadOnlyList<StepReport> reports, PairBatch pairs)
    {
        if (reports.All(report => !report.Skipped && report.Losses.Values.All(double.IsFinite)))
        {
            _skippedInARow = 0;
            return;
        }
        _log.Skipped++;
        _skippedInARow++;
        _reporter.Noted($"Step {Step}: losses or gradients are not finite; the step is skipped ({_log.Skipped} so far).");
        if (_skippedInARow < MostSkippedInARow)
            return;
        using (var file = new WholeFile(_folder.FailedBatch))
        {
            foreach (var recipe in pairs.Pairs.Where(pair => pair.Photo is null).Select(pair => pair.Recipe).Distinct())
                RecipeFile.Append(file.Writer, yaml: false, recipe);
            foreach (var plan in pairs.Pairs.Select(pair => pair.Photo).OfType<PhotoPlan>())
                file.Writer.WriteLine(plan);
            file.Keep();
        }
        throw new TrainingException(
            $"{MostSkippedInARow} steps in a row were not finite, the last at step {Step}. The last batch is in {_folder.FailedBatch}.",
            "Look at it with `hypir-train degrade --replay`; lower lr_G, or set mixed_precision: no. When restarted, the run resumes "
                + "from its newest checkpoint."
        );
    }

    private void Save()
    {
        if (_savedBatch == _trainer.Counters.Batches)
            return;
        var data = _pairs.State;
        _checkpoints.Save(Step, _score, CheckpointFiles.Estimate(_trainer, data), folder =>
            CheckpointFiles.Write(folder, _trainer, data, _identity)
        );
        _checkpoints.Prune(_settings.CheckpointsTotalLimit);
        _savedBatch = _trainer.Counters.Batches;
    }

    private void Report() => _log.WriteReport(_sampler.Samples(), Step);

    private PairSourceState Usable(PairSourceState saved)
    {
        var kept = saved.For(_settings.Data);
        if (kept.Pool.Count < saved.Pool.Count)
            _reporter.Noted(
                $"{saved.Pool.Count - kept.Pool.Count} of the {saved.Pool.Count} pairs in the checkpoint's shuffle pool are dropped: "
                    + "their size differs, or queue_size is smaller now."
            );
        return kept;
    }
}
