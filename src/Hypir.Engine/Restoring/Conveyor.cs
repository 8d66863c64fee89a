namespace Hypir.Engine.Restoring;

/// <summary>
/// Runs items through a three-step pipeline in order. While the calling thread works on one item, the next one is fetched and the previous
/// one is stored, each on another thread, at most one of each at a time.
/// </summary>
/// <typeparam name="TFetched">The type of a fetched item.</typeparam>
/// <typeparam name="TStored">The type of the result of storing an item.</typeparam>
internal sealed class Conveyor<TFetched, TStored>
{
    private (int Index, Task<TStored> Storing)? _behind;

    /// <summary>Fetches an item on another thread. Exceptions surface when the task's result is read.</summary>
    public required Func<int, CancellationToken, TFetched> Fetch { get; init; }

    /// <summary>
    /// Called on the calling thread before the next item is fetched, for example to reserve memory for this one.
    /// </summary>
    public required Action<int, Task<TFetched>> Enter { get; init; }

    /// <summary>Works on an item on the calling thread and returns how to store it; null if there is nothing to store.</summary>
    public required Func<int, Task<TFetched>, Func<TStored>?> Work { get; init; }

    /// <summary>Called on the calling thread when an item was stored or storing it failed.</summary>
    public required Action<int, Task<TStored>> Stored { get; init; }

    /// <summary>
    /// Processes all items. An exception from <see cref="Enter"/> or <see cref="Work"/> ends the run; the previous item is still stored and
    /// reported.
    /// </summary>
    /// <param name="count">Number of items.</param>
    /// <param name="cancellation">Passed to <see cref="Fetch"/>; not checked otherwise.</param>
    public void Run(int count, CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<TFetched>? ahead = null;
        try
        {
            for (int i = 0; i < count; i++)
            {
                var item = ahead ?? FetchAhead(i, leaving.Token);
                ahead = null;
                Finish(item);
                Enter(i, item);
                ahead = i + 1 < count ? FetchAhead(i + 1, leaving.Token) : null;
                var store = Work(i, item);
                TellStored(wait: true);
                if (store is not null)
                    _behind = (i, Task.Run(store, CancellationToken.None));
            }
        }
        finally
        {
            leaving.Cancel();
            // Wait: ending the process while a native decoder runs can crash.
            if (ahead is not null)
                Finish(ahead);
            TellStored(wait: true);
        }
    }

    /// <summary>Reports the item that was stored in the meantime, if any. For use by a long-running <see cref="Work"/>.</summary>
    public void TellStored() => TellStored(wait: false);

    private void TellStored(bool wait)
    {
        if (_behind is not var (index, storing) || (!wait && !storing.IsCompleted))
            return;
        Finish(storing);
        _behind = null;
        Stored(index, storing);
    }

    private Task<TFetched> FetchAhead(int index, CancellationToken cancellation) =>
        Task.Run(() => Fetch(index, cancellation), CancellationToken.None);

    /// <summary>Waits for completion without throwing; reading the result throws.</summary>
    private static void Finish(Task task) => Task.WaitAny(task);
}
