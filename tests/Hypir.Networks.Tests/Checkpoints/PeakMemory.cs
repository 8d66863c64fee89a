using System.Diagnostics;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>The process's largest resident memory since the last reset, above what it had when this object was made.</summary>
internal sealed class PeakMemory
{
    private readonly long _idle;

    public PeakMemory()
    {
        Collect();
        _idle = Environment.WorkingSet;
    }

    public long AboveIdle
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Math.Max(0, process.PeakWorkingSet64 - _idle);
        }
    }

    /// <summary>Begins again, where the system can (Linux); elsewhere the peak is the process's whole life's.</summary>
    public void Reset()
    {
        Collect();
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
