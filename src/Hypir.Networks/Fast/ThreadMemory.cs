using System.Collections.Concurrent;
using System.Diagnostics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Memory for what each thread of a loop computes on the way. One block for all of them, from the thread that runs the networks: blocks of other threads' heaps would lie about beside
/// the maps.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ThreadMemory<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 16;
    private readonly Tensor _all;
    private readonly IDisposable _lease;
    private readonly ConcurrentBag<nint> _free = [];

    /// <summary>Rents it.</summary>
    /// <param name="memory">Gives it.</param>
    /// <param name="elements">For each thread.</param>
    public ThreadMemory(MapMemory memory, long elements)
    {
        elements = (elements + Alignment - 1) / Alignment * Alignment;
        _all = memory.Rent([get_num_threads(), elements], typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64, out _lease);
        T* start = TensorMemory.Pointer<T>(_all);
        for (int i = 0; i < get_num_threads(); i++)
            _free.Add((nint)(start + i * elements));
    }

    /// <summary>Does steps of a loop.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">After the last.</param>
    /// <param name="own">The thread's memory, whatever it holds.</param>
    public delegate void Range(int from, int to, T* own);

    /// <summary>Runs a loop, as <see cref="ParallelLoop.Run"/> does.</summary>
    /// <param name="count">Steps of the loop.</param>
    /// <param name="range">Does some of them.</param>
    public void Run(int count, Range range) => ParallelLoop.Run(count, (from, to) =>
    {
        bool taken = _free.TryTake(out nint own);
        Debug.Assert(taken, "There is as much memory as there are threads.");
        range(from, to, (T*)own);
        _free.Add(own);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.Dispose();
        _lease.Dispose();
    }
}
