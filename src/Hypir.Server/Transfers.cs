using System.Collections.Concurrent;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>
/// A client's long calls that do not compute: downloads and copies. They end when the client cancels or disconnects, or when the engine
/// exits.
/// </summary>
internal sealed class Transfers
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();
    private volatile bool _ended;

    /// <summary>The number of running transfers.</summary>
    public int Count => _running.Count;

    /// <summary>Whether a transfer of this name is running.</summary>
    public bool Has(string id) => _running.ContainsKey(id);

    /// <summary>Runs a transfer.</summary>
    /// <exception cref="EngineException">The transfer failed or was cancelled, or its name is in use.</exception>
    public async Task<T> RunAsync<T>(string id, Func<CancellationToken, Task<T>> transfer, CancellationToken cancellation)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!_running.TryAdd(id, source))
            throw new EngineException(EngineError.DuplicateJob, $"Job {id} is still running.", new("Choose another name.", "jobId"));
        if (_ended)
            await source.CancelAsync().ConfigureAwait(false);
        try
        {
            // Off the connection's thread: files that are already present are read and verified first.
            return await Task.Run(() => transfer(source.Token), source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure)
        {
            throw _ended
                ? new EngineException(
                    EngineError.ShuttingDown, "The engine is shutting down. Partial files are kept.", new("Ask the next engine."), failure)
                : new EngineException(EngineError.Cancelled, "The download was cancelled. Partial downloads are kept.", null, failure);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <summary>Cancels a transfer.</summary>
    /// <returns>Whether a transfer of this name was running.</returns>
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
            return false; // It has just completed.
        }
    }

    /// <summary>Cancels all transfers and any later ones: the client or the engine is going away.</summary>
    public void End()
    {
        _ended = true;
        foreach (string id in _running.Keys)
            Cancel(id);
    }
}
