using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypir.Restoration.Planning;

/// <summary>How much memory a process could take now without pushing others out.</summary>
internal static partial class HostMemory
{
    /// <summary>Free bytes: what the system says, cut to what a container allows.</summary>
    public static long Free()
    {
        // The runtime knows the limit of a container (cgroup) or job object; else this is the machine's memory.
        long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        return Math.Max(0, Math.Min(limit, OperatingSystem.IsWindows() ? FreeOnWindows() : FreeOnLinux()));
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
