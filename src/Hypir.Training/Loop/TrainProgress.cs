using System.Diagnostics;
using Hypir.Training.Logging;

namespace Hypir.Training.Loop;

/// <summary>Is told how a run goes, on the thread that trains.</summary>
internal interface ITrainReporter
{
    /// <summary>The run begins, or goes on.</summary>
    /// <param name="step">The step that it goes on from; 0 at the beginning.</param>
    /// <param name="steps">Steps of the whole run.</param>
    void Started(long step, long steps);

    /// <summary>A batch was trained on.</summary>
    void Stepped(TrainProgress progress);

    /// <summary>Something that people should know.</summary>
    void Noted(string note);
}

/// <summary>Where a run stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="GeneratorLoss">The generator's last loss; null before its first step.</param>
/// <param name="DiscriminatorLoss">The discriminator's; null before its first step, and where there is none.</param>
/// <param name="SamplesPerSecond">Pairs trained on in a second, lately.</param>
/// <param name="Left">Time that is left; null as long as nothing is known.</param>
internal sealed record TrainProgress(
    long Step, long Steps, double? GeneratorLoss, double? DiscriminatorLoss, double SamplesPerSecond, TimeSpan? Left);

/// <summary>How fast a run goes, lately: over its last batches, so that what starting up took is forgotten.</summary>
internal sealed class ThroughputMeter
{
    private const int Remembered = 50;

    private readonly Queue<(TimeSpan At, long Step, int Pairs)> _batches = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Counts a batch of so many pairs.</summary>
    /// <returns>Where the run stands now.</returns>
    public TrainProgress Count(int pairs, long step, long steps, TrainLog log)
    {
        _batches.Enqueue((_clock.Elapsed, step, pairs));
        while (_batches.Count > Remembered)
            _batches.Dequeue();
        var first = _batches.Peek();
        double seconds = (_clock.Elapsed - first.At).TotalSeconds;
        // The first one's own time is not known.
        int trained = _batches.Skip(1).Sum(batch => batch.Pairs);
        long done = step - first.Step;
        return new(step, steps, log.GeneratorLoss, log.DiscriminatorLoss, seconds > 0 ? trained / seconds : 0,
            done > 0 ? TimeSpan.FromSeconds(seconds / done * (steps - step)) : null);
    }
}

/// <summary>A training cannot begin or go on as it is set up.</summary>
public sealed class TrainingException(string message, string remedy) : HypirException(message, remedy);
