namespace Hypir.Engine.Restoring;

/// <summary>
/// Carries items through three steps in their order. While the calling thread works on one, the next is fetched and the last is put away,
/// each on another thread; never more than one of either.
/// </summary>
/// <typeparam name="TFetched">What an item is when it has been fetched.</typeparam>
/// <typeparam name="TStored">What is to be told when it has been put away.</typeparam>
internal sealed class Conveyor<TFetched, TStored>
{
    private (int Index, Task<TStored> Storing)? _behind;

    /// <summary>Fetches an item, on another thread. What it throws is thrown where the task is asked for its result.</summary>
    public required Func<int, CancellationToken, TFetched> Fetch { get; init; }

    /// <summary>
    /// Takes over an item, on the calling thread, before the next is fetched: what must come first, such as the memory that it needs.
    /// </summary>
    public required Action<int, Task<TFetched>> Enter { get; init; }

    /// <summary>Works on an item, on the calling thread, and says how it is put away; null where nothing is.</summary>
    public required Func<int, Task<TFetched>, Func<TStored>?> Work { get; init; }

    /// <summary>Is told on the calling thread that an item was put away, or how that failed.</summary>
    public required Action<int, Task<TStored>> Stored { get; init; }

    /// <summary>
    /// Carries all items. What <see cref="Enter"/> or <see cref="Work"/> throws ends it; the item before is then still put away and told.
    /// </summary>
    /// <param name="count">How many there are.</param>
    /// <param name="cancellation">Given to <see cref="Fetch"/>; nobody else looks at it here.</param>
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
            // Native code that still decodes would not like the process to end.
            if (ahead is not null)
                Finish(ahead);
            TellStored(wait: true);
        }
    }

    /// <summary>Tells of the item that was put away meanwhile, if there is one. For <see cref="Work"/> that takes long.</summary>
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

    /// <summary>Waits for the end, whatever it is; who asks for the result gets what was thrown.</summary>
    private static void Finish(Task task) => Task.WaitAny(task);
}
