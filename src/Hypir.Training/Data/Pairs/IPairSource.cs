namespace Hypir.Training.Data.Pairs;

/// <summary>An endless sequence of batches of degraded images and their targets.</summary>
public interface IPairSource : IDisposable
{
    /// <summary>The complete state of the source.</summary>
    PairSourceState State { get; }

    /// <summary>Waits for the next batch.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The batch, and messages about images that could not be read.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    (PairBatch Batch, IReadOnlyList<string> Skipped) Next(CancellationToken cancellation = default);
}
