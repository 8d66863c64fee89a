using System.Runtime.InteropServices;

namespace Hypir.Networks.Libraries;

/// <summary>
/// NNPACK, a part of libtorch on Linux. It handles only a few small convolutions, and if it does not know the processor's caches, each of
/// them writes a warning directly to standard error, bypassing .NET: among JSON lines and over progress bars.
/// </summary>
internal static unsafe class Nnpack
{
    /// <summary>
    /// Disables it. A libtorch without these functions, as on Windows, has no NNPACK either.
    /// </summary>
    /// <param name="torchCpu">The loaded library torch_cpu.</param>
    internal static void SwitchOff(nint torchCpu)
    {
        // at::globalContext().setUserEnabledNNPACK(false)
        if (NativeLibrary.TryGetExport(torchCpu, "_ZN2at13globalContextEv", out nint globalContext)
            && NativeLibrary.TryGetExport(torchCpu, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint setUserEnabled))
        {
            nint context = ((delegate* unmanaged<nint>)globalContext)();
            ((delegate* unmanaged<nint, byte, void>)setUserEnabled)(context, 0);
        }
    }
}
