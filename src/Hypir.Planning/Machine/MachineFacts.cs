using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypir.Planning.Machine;

/// <summary>
/// The source of facts about the machine. Only the programs' entry points create one and pass it on, so that tests can plan for any
/// machine.
/// </summary>
public interface IMachine
{
    /// <summary>
    /// Examines the machine in its current state without loading any part of torch. Measured speeds are in the <see cref="SpeedBook"/>.
    /// </summary>
    MachineFacts Look();

    /// <summary>NVIDIA's driver and its GPUs, whether or not this build can compute on them.</summary>
    NvidiaDriver Driver();
}

/// <summary>The facts about the machine that a plan needs.</summary>
public sealed record MachineFacts
{
    /// <summary>Processors that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Free host memory in bytes.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>
    /// The remainder of a memory limit on this process (set by a container, for example), if smaller than the machine's free memory.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Host memory that this process occupies, in bytes.</summary>
    public long OwnMemory { get; init; }

    /// <summary>GPUs that this build of the program can compute on.</summary>
    public IReadOnlyList<GpuFacts> Gpus { get; init; } = [];

    /// <summary>What computes on GPUs of any vendor; null if its library is not here.</summary>
    public GraphFacts? Graphs { get; init; }

    /// <summary>The value of <see cref="KernelChoice.Variable"/>, not validated; null if unset.</summary>
    public string? Kernels { get; init; }

    /// <summary>Speeds measured earlier on this machine.</summary>
    public IReadOnlyList<MeasuredSpeed> Speeds { get; init; } = [];

    /// <summary>
    /// The facts for a long-running process: it can reuse the memory it occupies, since plans count the program and the weights among their
    /// needs.
    /// </summary>
    /// <param name="held">Bytes that this process is known to hold on a GPU ("cuda:N") if the driver does not report them.</param>
    public MachineFacts WithOwnMemory(Func<string, long> held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return this with
        {
            FreeMemory = Sum(FreeMemory, OwnMemory),
            MemoryLimit = MemoryLimit is { } limit ? Sum(limit, OwnMemory) : null,
            Gpus =
            [
                .. Gpus.Select(gpu =>
                    gpu with
                    {
                        FreeMemory = Math.Min(Sum(gpu.FreeMemory, gpu.OwnMemory ?? held(gpu.Device)), gpu.TotalMemory),
                    }
                ),
            ],
        };

        // Unknown amounts are represented by the largest number.
        static long Sum(long free, long own) => free > long.MaxValue - own ? long.MaxValue : free + own;
    }

    /// <summary>The measured speed of a model on a device, or null if it never ran there.</summary>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <param name="precision">The type that the UNet computes in.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="mode">The compute mode.</param>
    /// <param name="adapter">What identifies a GPU of any vendor and its driver; null for other devices.</param>
    public MeasuredSpeed? SpeedOf(
        string device, ComputePrecision precision, string model, RestoreMode mode = RestoreMode.Fast, string? adapter = null) =>
        Speeds.FirstOrDefault(new MeasuredSpeed(device, precision, model, 1, mode, adapter).Replaces);

    /// <summary>
    /// Operations per second of the slowest model that was measured on a device, as a cautious estimate for others; null if none was.
    /// </summary>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <param name="precision">The type that the UNet computes in.</param>
    /// <param name="mode">The compute mode.</param>
    public double? LeastSpeedOf(string device, ComputePrecision precision, RestoreMode mode) => Speeds
        .Where(speed => speed.Device == device && speed.Precision == precision && speed.Mode == mode)
        .Select(speed => (double?)speed.OperationsPerSecond).Min();
}

/// <summary>The machine that this process runs on.</summary>
public sealed class ThisMachine : IMachine
{
    /// <summary>Finds what computes on GPUs of any vendor.</summary>
    public Func<GraphFacts?> Graphs { get; init; } = () => null;

    /// <inheritdoc/>
    public MachineFacts Look()
    {
        long free = HostMemory.OnMachine();
        long? limit = HostMemory.WithinLimit();
        return new()
        {
            Cores = Environment.ProcessorCount,
            FreeMemory = Math.Min(free, limit ?? free),
            MemoryLimit = limit < free ? limit : null,
            OwnMemory = Environment.WorkingSet,
            Gpus = NativeTorch.HasCuda ? Driver().Gpus : [],
            Graphs = Graphs(),
            Kernels = KernelChoice.Value,
        };
    }

    /// <inheritdoc/>
    public NvidiaDriver Driver() => NvidiaManagement.Look();
}

/// <summary>Memory that a process can take now without pushing others out.</summary>
internal static partial class HostMemory
{
    /// <summary>Free memory of the machine in bytes.</summary>
    public static long OnMachine() => OperatingSystem.IsWindows() ? FreeOnWindows() : FreeOnLinux();

    /// <summary>
    /// Bytes that this process may still take under its limit: a container's, a job object's, or the runtime's own; null without a limit.
    /// </summary>
    public static long? WithinLimit()
    {
        // In a container the runtime reports three quarters of the limit, assuming that most of a program's memory is its own; here most is
        // torch's.
        bool asked =
            GC.GetConfigurationVariables().TryGetValue("GCHeapHardLimit", out object? limit)
            && Convert.ToInt64(limit, CultureInfo.InvariantCulture) != 0;
        long? runtime =
            asked || !OperatingSystem.IsLinux()
                ? Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet)
                : null;
        return new[] { runtime, ControlGroup.Free() }.Min();
    }

    private static long FreeOnLinux()
    {
        const string Field = "MemAvailable:";
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith(Field, StringComparison.Ordinal))
                    return 1024
                        * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Not Linux, or /proc is hidden: the runtime's limit applies.
        }
        return long.MaxValue;
    }

    private static long FreeOnWindows()
    {
        var status = new MemoryStatus { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
        return GlobalMemoryStatusEx(ref status) ? (long)status.AvailablePhysical : long.MaxValue;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
