using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypir.Restoration.Planning.Machine;

/// <summary>How much memory a process could take now without pushing others out.</summary>
internal static partial class HostMemory
{
    /// <summary>Bytes that are free on the machine.</summary>
    public static long OnMachine() => OperatingSystem.IsWindows() ? FreeOnWindows() : FreeOnLinux();

    /// <summary>Bytes that this process may still take by a limit set for it: a container's, a job object's, or the runtime's own; null without.</summary>
    public static long? WithinLimit()
    {
        // What the runtime tells of a container is three quarters of it, since most programs' memory is the runtime's; here most is torch's.
        bool asked = GC.GetConfigurationVariables().TryGetValue("GCHeapHardLimit", out object? limit) && Convert.ToInt64(limit, CultureInfo.InvariantCulture) != 0;
        long? runtime = asked || !OperatingSystem.IsLinux() ? Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet) : null;
        return new[] { runtime, ControlGroup.Free() }.Min();
    }

    private static long FreeOnLinux()
    {
        const string Field = "MemAvailable:";
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith(Field, StringComparison.Ordinal))
                    return 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Another system than Linux, or /proc is hidden: the runtime's limit stands.
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
