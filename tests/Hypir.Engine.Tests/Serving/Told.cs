using System.Collections.Concurrent;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// Keeps what was reported, and runs something at each report; at once and on the reporting thread, unlike <see cref="Progress{T}"/>.
/// </summary>
internal sealed class Told<T>(Action<T>? also = null) : IProgress<T>
{
    private readonly ConcurrentQueue<T> _all = new();

    public IReadOnlyList<T> All => [.. _all];

    public void Report(T value)
    {
        _all.Enqueue(value);
        also?.Invoke(value);
    }
}
