using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Hypir.Training.Data.Workers;

/// <summary>
/// Threads that produce numbered items ahead of their consumer, who receives them in order. Memory is bounded by a limit on how far ahead
/// items may be started. Each thread uses a single torch thread, so that results do not depend on the number of workers, and workers do not
/// compete for cores. Items move between threads, so they hold arrays, not tensors.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class OrderedWorkers<T> : IDisposable
{
    private readonly Func<long, CancellationToken, T> _make;
    private readonly long _end;
    private readonly int _ahead;
    private readonly Dictionary<long, Result> _done = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private long _next;
    private long _wanted;

    /// <summary>Starts the threads.</summary>
    /// <param name="workers">Number of threads; at least 1.</param>
    /// <param name="ahead">Maximum number of items started and not yet taken; at least 1.</param>
    /// <param name="first">The number of the first item.</param>
    /// <param name="end">The number after the last; <see cref="long.MaxValue"/> for no end.</param>
    /// <param name="make">Makes an item by its number on a worker thread, within a dispose scope for its tensors.</param>
    public OrderedWorkers(int workers, int ahead, long first, long end, Func<long, CancellationToken, T> make)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        (_make, _end, _ahead, _next, _wanted) = (make, end, ahead, first, first);
        _room = new(_ahead);
        _threads =
        [
            .. Enumerable.Range(0, workers).Select(number => new Thread(Work) { IsBackground = true, Name = $"data worker {number}" }),
        ];
        StartOnOneCoreEach();
    }

    /// <summary>Waits for the next item.</summary>
    /// <param name="thing">The item; default at the end.</param>
    /// <param name="cancellation">Cancels the wait; the workers continue until disposed.</param>
    /// <returns>false at the end.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="Exception">The exception from making this item. The next call continues with the next item.</exception>
    public bool TryTake(out T thing, CancellationToken cancellation = default)
    {
        thing = default!;
        if (_wanted >= _end)
            return false;
        Result? result;
        while (!Remove(_wanted, out result))
            _arrived.Wait(cancellation);
        _wanted++;
        _room.Release();
        result.Failure?.Throw();
        thing = result.Thing;
        return true;
    }

    /// <summary>Stops the threads and waits for their current items.</summary>
    /// <returns>The finished items not yet taken, in order, without failed ones.</returns>
    public IReadOnlyList<T> Stop()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        return [.. _done.Where(pair => pair.Value.Failure is null).OrderBy(pair => pair.Key).Select(pair => pair.Value.Thing)];
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        Stop();
        _room.Dispose();
        _arrived.Dispose();
        _stop.Dispose();
    }

    private bool Remove(long number, out Result result)
    {
        lock (_lock)
            return _done.Remove(number, out result!);
    }

    /// <summary>
    /// torch's setting applies to the calling thread, but is also the default for threads that have not used torch yet, so it is restored
    /// only after all workers have adopted it.
    /// </summary>
    private void StartOnOneCoreEach()
    {
        int before = torch.get_num_threads();
        using var ready = new CountdownEvent(_threads.Length);
        foreach (var thread in _threads)
            thread.Start(ready);
        ready.Wait();
        torch.set_num_threads(before);
    }

    private void Work(object? ready)
    {
        torch.set_num_threads(1);
        _ = torch.get_num_threads(); // makes the thread adopt it
        ((CountdownEvent)ready!).Signal();
        try
        {
            while (true)
            {
                _room.Wait(_stop.Token);
                long number = Interlocked.Increment(ref _next) - 1;
                if (number >= _end)
                    return;
                var result = Make(number);
                lock (_lock)
                    _done.Add(number, result);
                _arrived.Release();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private Result Make(long number)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            return new(_make(number, _stop.Token), null);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            return new(default!, ExceptionDispatchInfo.Capture(failure));
        }
    }

    private sealed record Result(T Thing, ExceptionDispatchInfo? Failure);
}
