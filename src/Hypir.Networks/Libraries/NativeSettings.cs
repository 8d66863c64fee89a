using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Libraries;

/// <summary>Settings of torch's native libraries that must be made before the first tensor.</summary>
public static partial class NativeSettings
{
    private const string WaitPolicy = "OMP_WAIT_POLICY", OneDnnInstructions = "ONEDNN_MAX_CPU_ISA";

    /// <summary>
    /// Keeps freed memory in the process (<see cref="NativeHeap"/>), and lets OpenMP's threads sleep while they wait for each other. By
    /// default they spin, which takes half of a small model's processor time and, if any other program is computing, most of the wall time.
    /// Also limits oneDNN (<see cref="LimitOneDnn"/>). Call it once at startup.
    /// </summary>
    public static void Apply()
    {
        NativeHeap.KeepFreedBlocks();
        Set(WaitPolicy, "PASSIVE");
        LimitOneDnn();
    }

    /// <summary>
    /// Limits oneDNN to AVX if the processor hides its caches, as in some virtual machines: there its AVX2 and AVX-512 convolutions are
    /// wrong (oneDNN 3.7.1 in libtorch 2.10). An existing value in the environment is kept.
    /// </summary>
    public static void LimitOneDnn()
    {
        if (!ProcessorCaches.AreKnown)
            Set(OneDnnInstructions, "AVX");
    }

    /// <summary>
    /// Whether oneDNN computes a convolution's backward pass by unfolding the image into columns, one copy per weight of the kernel. It
    /// does so without AVX2, and if it is limited to less.
    /// </summary>
    public static bool UnfoldsConvolutions => Environment.GetEnvironmentVariable(OneDnnInstructions) is { } set
        ? set.ToUpperInvariant() is "SSE41" or "AVX"
        : !Avx2.IsSupported || !ProcessorCaches.AreKnown;

    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        // Outside Windows, .NET keeps its own copy of the environment; native libraries read the C library's.
        if (!OperatingSystem.IsWindows())
            _ = SetEnvironment(name, value, 0);
    }

    /// <summary>
    /// Returns freed memory to the system: otherwise the next stage, which needs blocks of other sizes, would allocate in addition to it.
    /// </summary>
    public static void GiveMemoryBack() => NativeHeap.GiveBack();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

/// <summary>What the processor reports about its caches. Some virtual machines hide it.</summary>
internal static class ProcessorCaches
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), ExtendedLeaves = unchecked((int)0x80000000), KindMask = 31;

    // "Auth", the first four letters of AMD's vendor string.
    private const int Amd = 0x68747541;

    /// <summary>Whether the processor describes its caches; true if that cannot be determined.</summary>
    internal static bool AreKnown => !X86Base.IsSupported || AreDescribed(leaf => X86Base.CpuId(leaf, 0));

    /// <summary>Whether a processor describes its caches.</summary>
    /// <param name="leaf">Returns a CPUID leaf, or the first subleaf of a leaf that has several.</param>
    internal static bool AreDescribed(Func<int, (int Eax, int Ebx, int Ecx, int Edx)> leaf)
    {
        var (leaves, maker, _, _) = leaf(0);
        int caches = maker == Amd ? AmdLeaf : IntelLeaf;
        int last = maker == Amd ? leaf(ExtendedLeaves).Eax : leaves;
        return (uint)last >= (uint)caches && (leaf(caches).Eax & KindMask) != 0;
    }
}

/// <summary>
/// Settings of the C library's allocator. By default glibc maps every large block afresh and unmaps it when freed, so that each activation
/// of a network pays its page faults again; keeping the memory makes the same computation several times faster.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>
    /// Tells glibc to keep freed blocks. Call it once at startup, before the first large tensor; it does nothing except on Linux with
    /// glibc.
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
            // Another C library (musl): it behaves differently, and the settings only affect speed.
        }
    }

    /// <summary>Returns freed blocks to the system; does nothing except on Linux with glibc.</summary>
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
            // Another C library, which does so by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);
}
