using System.Collections.Concurrent;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>
/// A client's calls that take long without computing: downloads and copies. They end with the client, by its wish, or with the engine.
/// </summary>
internal sealed class Transfers
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();
    private volatile bool _ended;

    /// <summary>How many are under way.</summary>
    public int Count => _running.Count;

    /// <summary>Whether one of this name is under way.</summary>
    public bool Has(string id) => _running.ContainsKey(id);

    /// <summary>Carries one out.</summary>
    /// <exception cref="EngineException">It failed, was cancelled, or the name is in use.</exception>
    public async Task<T> RunAsync<T>(string id, Func<CancellationToken, Task<T>> transfer, CancellationToken cancellation)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!_running.TryAdd(id, source))
            throw new EngineException(EngineError.DuplicateJob, $"The job {id} has not ended.", new("Choose another name.", "jobId"));
        if (_ended)
            await source.CancelAsync().ConfigureAwait(false);
        try
        {
            // Not on the connection's thread: what is here is read and checked first.
            return await Task.Run(() => transfer(source.Token), source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure)
        {
            throw _ended
                ? new EngineException(
                    EngineError.ShuttingDown, "The engine is ending. What has come is kept.", new("Ask the next engine."), failure)
                : new EngineException(EngineError.Cancelled, "The download was cancelled. What has come is kept.", null, failure);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <summary>Cancels one.</summary>
    /// <returns>Whether there was one of this name.</returns>
    public bool Cancel(string id)
    {
        if (!_running.TryGetValue(id, out CancellationTokenSource? source))
            return false;
        try
        {
            source.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false; // It has just ended.
        }
    }

    /// <summary>Cancels all, and whatever is asked for later: the client or the engine ends.</summary>
    public void End()
    {
        _ended = true;
        foreach (string id in _running.Keys)
            Cancel(id);
    }
}
