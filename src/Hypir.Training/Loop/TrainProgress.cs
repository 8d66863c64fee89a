using System.Diagnostics;
using Hypir.Training.Logging;

namespace Hypir.Training.Loop;

/// <summary>Receives the progress of a run, on the training thread.</summary>
internal interface ITrainReporter
{
    /// <summary>The run starts or resumes.</summary>
    /// <param name="step">The step that it resumes from; 0 for a new run.</param>
    /// <param name="steps">Steps of the whole run.</param>
    void Started(long step, long steps);

    /// <summary>A batch was trained on.</summary>
    void Stepped(TrainProgress progress);

    /// <summary>A note for the user.</summary>
    void Noted(string note);
}

/// <summary>The progress of a run.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="GeneratorLoss">The generator's last loss; null before its first step.</param>
/// <param name="DiscriminatorLoss">The discriminator's last loss; null before its first step or if there is none.</param>
/// <param name="SamplesPerSecond">Recent throughput, in pairs per second.</param>
/// <param name="Left">Remaining time; null while unknown.</param>
internal sealed record TrainProgress(
    long Step, long Steps, double? GeneratorLoss, double? DiscriminatorLoss, double SamplesPerSecond, TimeSpan? Left);

/// <summary>Measures the recent throughput of a run, over its last batches, so that start-up time is forgotten.</summary>
internal sealed class ThroughputMeter
{
    private const int Remembered = 50;

    private readonly Queue<(TimeSpan At, long Step, int Pairs)> _batches = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Counts a batch.</summary>
    /// <returns>The current progress.</returns>
    public TrainProgress Count(int pairs, long step, long steps, TrainLog log)
    {
        _batches.Enqueue((_clock.Elapsed, step, pairs));
        while (_batches.Count > Remembered)
            _batches.Dequeue();
        var first = _batches.Peek();
        double seconds = (_clock.Elapsed - first.At).TotalSeconds;
        // The duration of the first batch is unknown.
        int trained = _batches.Skip(1).Sum(batch => batch.Pairs);
        long done = step - first.Step;
        return new(step, steps, log.GeneratorLoss, log.DiscriminatorLoss, seconds > 0 ? trained / seconds : 0,
            done > 0 ? TimeSpan.FromSeconds(seconds / done * (steps - step)) : null);
    }
}

/// <summary>A training run cannot start or resume with its settings.</summary>
public sealed class TrainingException(string message, string remedy) : HypirException(message, remedy);
