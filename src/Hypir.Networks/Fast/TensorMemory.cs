using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>The memory of contiguous tensors on the CPU.</summary>
public static unsafe class TensorMemory
{
    /// <summary>Whether the loops of this folder can compute on tensors of a kind.</summary>
    public static bool IsSupported(ScalarType type, DeviceType device) =>
        device == DeviceType.CPU && type is (ScalarType.Float32 or ScalarType.Float64);

    /// <summary>
    /// Whether the loops of this folder compute on a tensor and the processor has vectors for their products; without them the library's
    /// are the faster ones.
    /// </summary>
    public static bool SupportsSimd(Tensor tensor) => IsSupported(tensor.dtype, tensor.device_type) && Vector256.IsHardwareAccelerated;

    /// <summary>
    /// The first element of a contiguous tensor on the CPU, of at least one element. It stays where it is as long as the tensor lives.
    /// </summary>
    /// <param name="tensor">The tensor, of the type T.</param>
    public static T* Pointer<T>(Tensor tensor)
        where T : unmanaged
    {
        using Tensor flat = tensor.view(-1);
        // Of one element: what the library gives out as a span ends at 2 GiB.
        using Tensor first = flat.narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}

/// <summary>
/// Memory for what each thread of a loop computes on the way. One block for all of them, from the thread that runs the networks: blocks of
/// other threads' heaps would lie about beside the maps.
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

/// <summary>Owns the tensors of a rewritten network, whatever dispose scope they were made in, and the memory of its maps.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Memory of the network's maps.</summary>
    public MapMemory Maps { get; } = new();

    /// <summary>Takes a tensor over.</summary>
    public Tensor Keep(Tensor tensor)
    {
        _tensors.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
            tensor.Dispose();
        _tensors.Clear();
        Maps.Dispose();
    }
}

/// <summary>Divides loops over memory among as many threads as the tensor library uses.</summary>
public static class ParallelLoop
{
    /// <summary>More pieces than threads: a thread that another program holds up does not hold up all.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Runs a loop.</summary>
    /// <param name="count">Steps of the loop.</param>
    /// <param name="range">Does the steps from its first argument to before its second.</param>
    public static void Run(int count, Action<int, int> range)
    {
        int threads = torch.get_num_threads();
        int pieces = Math.Min(count, threads * PiecesPerThread);
        if (threads == 1 || pieces <= 1)
        {
            range(0, count);
            return;
        }

        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            range((int)((long)count * i / pieces), (int)((long)count * (i + 1) / pieces)));
    }
}
