namespace Hypir.Training.Loop;

/// <summary>Where a training stands.</summary>
/// <param name="Batches">Batches seen.</param>
/// <param name="Accumulated">Batches since gradients were last complete: one counter for both networks, as in the reference.</param>
/// <param name="Steps">Discriminator steps taken: the reference's global step. Without a discriminator, generator steps.</param>
public readonly record struct TrainerCounters(long Batches, long Accumulated, long Steps)
{
    /// <summary>Counts one batch.</summary>
    /// <param name="accumulation">Batches that make a step.</param>
    /// <param name="lastOfEpoch">The end of an epoch completes gradients whatever the count, and starts it again.</param>
    /// <param name="complete">Whether gradients are complete now.</param>
    internal TrainerCounters Next(int accumulation, bool lastOfEpoch, out bool complete)
    {
        long accumulated = lastOfEpoch ? 0 : (Accumulated + 1) % accumulation;
        complete = accumulated == 0;
        return this with { Batches = Batches + 1, Accumulated = accumulated };
    }
}
