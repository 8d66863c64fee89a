using System.Runtime.InteropServices;

namespace Hypir.Restoration.Planning;

/// <summary>
/// Asks NVIDIA's management library (NVML), which every driver brings, for the machine's GPUs. It needs neither torch nor a CUDA context, so a plan
/// can be made in a process that never computes.
/// </summary>
internal sealed class NvidiaManagement : IDisposable
{
    private const int Success = 0;
    private const int NameLength = 96;

    private readonly nint _library;

    private NvidiaManagement(nint library) => _library = library;

    private delegate int Initialize();

    private delegate int GetCount(out uint count);

    private delegate int GetHandle(uint index, out nint device);

    private delegate int GetName(nint device, [Out] byte[] name, uint length);

    private delegate int GetMemory(nint device, out Memory memory);

    private delegate int GetCapability(nint device, out int major, out int minor);

    /// <summary>The machine's GPUs in NVML's order, or none where there is no driver.</summary>
    public static IReadOnlyList<GraphicsCard> Cards()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out nint library))
            return [];
        using var management = new NvidiaManagement(library);
        try
        {
            return management.Call<Initialize>("nvmlInit_v2")() == Success ? management.Read() : [];
        }
        catch (EntryPointNotFoundException)
        {
            return []; // A driver from before these functions: too old for this libtorch as well.
        }
    }

    public void Dispose() => NativeLibrary.Free(_library);

    private List<GraphicsCard> Read()
    {
        var cards = new List<GraphicsCard>();
        _ = Call<GetCount>("nvmlDeviceGetCount_v2")(out uint count);
        for (uint index = 0; index < count; index++)
        {
            byte[] name = new byte[NameLength];
            if (Call<GetHandle>("nvmlDeviceGetHandleByIndex_v2")(index, out nint device) == Success
                && Call<GetName>("nvmlDeviceGetName")(device, name, NameLength) == Success
                && Call<GetMemory>("nvmlDeviceGetMemoryInfo")(device, out Memory memory) == Success
                && Call<GetCapability>("nvmlDeviceGetCudaComputeCapability")(device, out int major, out int minor) == Success)
            {
                string text = System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0');
                cards.Add(new((int)index, text, (long)memory.Free, new Version(major, minor)));
            }
        }
        return cards;
    }

    private T Call<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
