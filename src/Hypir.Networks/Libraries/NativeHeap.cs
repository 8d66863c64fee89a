using System.Runtime.InteropServices;

namespace Hypir.Networks.Libraries;

/// <summary>
/// Switches of the C library's allocator. By default glibc maps every large block afresh and returns it to the kernel when it is freed, so that
/// each activation of a network pays its page faults again; keeping the memory makes the same computation several times faster.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>
    /// Tells glibc to keep freed blocks. Call it once at start-up, before the first large tensor; elsewhere than on Linux with glibc it does nothing.
    /// </summary>
    public static void KeepFreedBlocks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallOpt(MmapMax, 0);
            _ = MallOpt(TrimThreshold, int.MaxValue);
            _ = MallOpt(TopPad, 1 << 28);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library (musl): it has its own ways, and the switches are only about speed.
        }
    }

    /// <summary>Gives freed blocks back to the system; elsewhere than on Linux with glibc it does nothing.</summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which does it by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);
}
