using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypir.Restoration.Planning.Machine;

/// <summary>
/// Asks NVIDIA's management library (NVML), which every driver brings, for the machine's GPUs. It needs neither torch nor a CUDA context,
/// so a plan can be made in a process that never computes.
/// </summary>
internal sealed class NvidiaManagement : IDisposable
{
    private const int Success = 0;
    private const int NameLength = 96;
    private const int VersionLength = 80;
    private const int ShortBuffer = 7;

    private readonly nint _library;

    private NvidiaManagement(nint library) => _library = library;

    private delegate int Initialize();

    private delegate int GetVersion([Out] byte[] version, uint length);

    private delegate int GetCount(out uint count);

    private delegate int GetHandle(uint index, out nint device);

    private delegate int GetName(nint device, [Out] byte[] name, uint length);

    private delegate int GetMemory(nint device, out Memory memory);

    private delegate int GetProcesses(nint device, ref uint count, [Out] ProcessMemory[] processes);

    private delegate int GetCapability(nint device, out int major, out int minor);

    /// <summary>The driver and its GPUs in NVML's order; no version where there is no driver.</summary>
    public static NvidiaDriver Look()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out nint library))
            return NvidiaDriver.None;
        using var management = new NvidiaManagement(library);
        try
        {
            return management.Call<Initialize>("nvmlInit_v2")() == Success
                ? new(management.Version(), management.Read())
                : NvidiaDriver.None;
        }
        catch (EntryPointNotFoundException)
        {
            return NvidiaDriver.None; // A driver from before these functions: too old for this libtorch as well.
        }
    }

    public void Dispose() => NativeLibrary.Free(_library);

    private string? Version()
    {
        byte[] version = new byte[VersionLength];
        return Call<GetVersion>("nvmlSystemGetDriverVersion")(version, VersionLength) == Success ? Text(version) : null;
    }

    private List<GpuFacts> Read()
    {
        var gpus = new List<GpuFacts>();
        _ = Call<GetCount>("nvmlDeviceGetCount_v2")(out uint count);
        for (uint index = 0; index < count; index++)
        {
            byte[] name = new byte[NameLength];
            if (Call<GetHandle>("nvmlDeviceGetHandleByIndex_v2")(index, out nint device) == Success
                && Call<GetName>("nvmlDeviceGetName")(device, name, NameLength) == Success
                && Call<GetMemory>("nvmlDeviceGetMemoryInfo")(device, out Memory memory) == Success
                && Call<GetCapability>("nvmlDeviceGetCudaComputeCapability")(device, out int major, out int minor) == Success)
            {
                gpus.Add(
                    new((int)index, Text(name), (long)memory.Free, new System.Version(major, minor))
                    {
                        TotalMemory = (long)memory.Total,
                        OwnMemory = Own(device),
                    }
                );
            }
        }
        return gpus;
    }

    /// <summary>
    /// What this process occupies; null where the driver does not say: by Windows' display driver model, and in containers with process
    /// numbers of their own.
    /// </summary>
    private long? Own(nint device)
    {
        if (!NativeLibrary.TryGetExport(_library, "nvmlDeviceGetComputeRunningProcesses_v3", out nint function))
            return null;
        var get = Marshal.GetDelegateForFunctionPointer<GetProcesses>(function);
        var processes = new ProcessMemory[16];
        uint count = (uint)processes.Length;
        int result = get(device, ref count, processes);
        if (result == ShortBuffer)
        {
            // Some more, for those that start meanwhile.
            processes = new ProcessMemory[count + 16];
            count = (uint)processes.Length;
            result = get(device, ref count, processes);
        }
        if (result != Success)
            return null;
        var own = processes
            .Take((int)count)
            .Where(process => process.Id == Environment.ProcessId && process.Used != ulong.MaxValue)
            .ToArray();
        return own.Length == 0 ? null : own.Sum(process => (long)process.Used);
    }

    private static string Text(byte[] text) => System.Text.Encoding.UTF8.GetString(text).TrimEnd('\0');

    private T Call<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessMemory
    {
        public uint Id;
        public ulong Used;
        public uint GpuInstance;
        public uint ComputeInstance;
    }
}

/// <summary>NVIDIA's driver and its GPUs, whatever libtorch can do with them.</summary>
/// <param name="Version">The driver's version, or null where there is none.</param>
/// <param name="Gpus">Its GPUs.</param>
public sealed record NvidiaDriver(string? Version, IReadOnlyList<GpuFacts> Gpus)
{
    /// <summary>A machine without.</summary>
    public static NvidiaDriver None { get; } = new(null, []);
}

/// <summary>A GPU that this program can compute on.</summary>
/// <param name="Index">Its number among the machine's CUDA devices.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="FreeMemory">Bytes that are free on it.</param>
/// <param name="ComputeCapability">CUDA's version of the hardware, major before the point (8.0 and later compute in bfloat16).</param>
public sealed record GpuFacts(int Index, string Name, long FreeMemory, Version ComputeCapability)
{
    /// <summary>Bytes of memory that it has.</summary>
    public long TotalMemory { get; init; } = long.MaxValue;

    /// <summary>Bytes of it that this process occupies; null where the driver does not say (Windows, containers).</summary>
    public long? OwnMemory { get; init; }

    /// <summary>The name that torch and options have for it: "cuda:N".</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}");

    /// <summary>Whether bfloat16 is computed natively.</summary>
    public bool ComputesBfloat16 => ComputeCapability.Major >= 8;
}
