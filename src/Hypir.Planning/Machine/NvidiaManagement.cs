using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypir.Planning.Machine;

/// <summary>
/// Queries the GPUs through NVIDIA's management library (NVML), which every driver includes. It needs neither torch nor a CUDA context, so
/// processes that never compute can make plans.
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

    /// <summary>The driver and its GPUs in NVML's order; without a version if there is no driver.</summary>
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
    /// Memory that this process occupies; null if the driver does not report it: under Windows' display driver model, and in containers
    /// with their own process IDs.
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
            // Room for processes that start in the meantime.
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

/// <summary>NVIDIA's driver and its GPUs, whether or not libtorch can use them.</summary>
/// <param name="Version">The driver's version, or null if there is no driver.</param>
/// <param name="Gpus">Its GPUs.</param>
public sealed record NvidiaDriver(string? Version, IReadOnlyList<GpuFacts> Gpus)
{
    /// <summary>A machine without the driver.</summary>
    public static NvidiaDriver None { get; } = new(null, []);
}

/// <summary>A GPU that this program can compute on.</summary>
/// <param name="Index">Its index among the machine's CUDA devices.</param>
/// <param name="Name">Its display name.</param>
/// <param name="FreeMemory">Free memory in bytes.</param>
/// <param name="ComputeCapability">CUDA compute capability (8.0 and later compute in bfloat16).</param>
public sealed record GpuFacts(int Index, string Name, long FreeMemory, Version ComputeCapability)
{
    /// <summary>Total memory in bytes.</summary>
    public long TotalMemory { get; init; } = long.MaxValue;

    /// <summary>Memory that this process occupies, in bytes; null if the driver does not report it (Windows, containers).</summary>
    public long? OwnMemory { get; init; }

    /// <summary>Its name in torch and in options: "cuda:N".</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}");

    /// <summary>Whether it computes in bfloat16 natively.</summary>
    public bool ComputesBfloat16 => ComputeCapability.Major >= 8;
}
