using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Access to the memory of contiguous CPU tensors.</summary>
public static unsafe class TensorMemory
{
    /// <summary>Whether the loops of this folder support tensors of this type and device.</summary>
    public static bool IsSupported(ScalarType type, DeviceType device) =>
        device == DeviceType.CPU && type is (ScalarType.Float32 or ScalarType.Float64);

    /// <summary>
    /// Whether the loops of this folder support a tensor and the processor has suitable vector instructions; without those, the library's
    /// products are faster.
    /// </summary>
    public static bool SupportsSimd(Tensor tensor) => IsSupported(tensor.dtype, tensor.device_type) && Vector256.IsHardwareAccelerated;

    /// <summary>The type of tensors that hold such numbers.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    internal static ScalarType TypeOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;

    /// <summary>
    /// A pointer to the first element of a contiguous, nonempty CPU tensor, valid while the tensor lives.
    /// </summary>
    /// <param name="tensor">The tensor, with elements of type T.</param>
    public static T* Pointer<T>(Tensor tensor)
        where T : unmanaged
    {
        using Tensor flat = tensor.view(-1);
        // One element only: a span from the library is limited to 2 GiB.
        using Tensor first = flat.narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}

/// <summary>
/// Scratch memory for each thread of a loop. One block for all, allocated by the thread that runs the networks: blocks from other threads'
/// heaps would fragment memory beside the maps.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ThreadMemory<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 16;
    private readonly Tensor _all;
    private readonly IDisposable _lease;
    private readonly ConcurrentBag<nint> _free = [];

    /// <summary>Rents the memory.</summary>
    /// <param name="memory">Provides the memory.</param>
    /// <param name="elements">Elements per thread.</param>
    public ThreadMemory(MapMemory memory, long elements)
    {
        elements = (elements + Alignment - 1) / Alignment * Alignment;
        _all = memory.Rent([get_num_threads(), elements], TensorMemory.TypeOf<T>(), out _lease);
        T* start = TensorMemory.Pointer<T>(_all);
        for (int i = 0; i < get_num_threads(); i++)
            _free.Add((nint)(start + i * elements));
    }

    /// <summary>Executes a range of a loop.</summary>
    /// <param name="from">The first step.</param>
    /// <param name="to">The end of the range (exclusive).</param>
    /// <param name="own">The thread's memory, uninitialized.</param>
    public delegate void Range(int from, int to, T* own);

    /// <summary>Runs a loop like <see cref="ParallelLoop.Run"/>.</summary>
    /// <param name="count">Number of steps.</param>
    /// <param name="range">Executes a range of steps.</param>
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

/// <summary>
/// Owns a rewritten network's tensors, independent of the dispose scope in which they were created, and the memory of its maps.
/// </summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Memory of the network's maps.</summary>
    public MapMemory Maps { get; } = new();

    /// <summary>Takes ownership of a tensor.</summary>
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

/// <summary>Divides loops among as many threads as the tensor library uses.</summary>
public static class ParallelLoop
{
    /// <summary>More pieces than threads, so that one thread held up by another program does not hold up all.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Runs a loop.</summary>
    /// <param name="count">Number of steps.</param>
    /// <param name="range">Executes the steps from its first argument to before its second.</param>
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
