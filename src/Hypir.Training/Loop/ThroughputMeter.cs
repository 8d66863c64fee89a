using System.Diagnostics;
using Hypir.Training.Logging;

namespace Hypir.Training.Loop;

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
