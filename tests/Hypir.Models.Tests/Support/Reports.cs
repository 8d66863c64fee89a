using System.Collections.Concurrent;

namespace Hypir.Models.Tests.Support;

/// <summary>Keeps what was reported, and runs something at each report, at once.</summary>
internal sealed class Reports<T>(Action<T>? also = null) : IProgress<T>
{
    private readonly ConcurrentQueue<T> _all = new();

    public IReadOnlyList<T> All => [.. _all];

    public void Report(T value)
    {
        _all.Enqueue(value);
        also?.Invoke(value);
    }
}
