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
    public static bool IsSupported(ScalarType type, DeviceType device) => device == DeviceType.CPU && type is (ScalarType.Float32 or ScalarType.Float64);

    /// <summary>Whether the loops of this folder compute on a tensor and the processor has vectors for their products; without them the library's are the faster ones.</summary>
    public static bool SupportsSimd(Tensor tensor) => IsSupported(tensor.dtype, tensor.device_type) && Vector256.IsHardwareAccelerated;

    /// <summary>The first element of a contiguous tensor on the CPU, of at least one element. It stays where it is as long as the tensor lives.</summary>
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
