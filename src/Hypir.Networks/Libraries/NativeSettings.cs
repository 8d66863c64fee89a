using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Libraries;

/// <summary>Settings of the native libraries below torch that have to be made before the first tensor.</summary>
public static partial class NativeSettings
{
    private const string WaitPolicy = "OMP_WAIT_POLICY", OneDnnInstructions = "ONEDNN_MAX_CPU_ISA";

    /// <summary>
    /// Lets freed memory stay with the process (<see cref="NativeHeap"/>), and OpenMP's threads sleep while they wait for each other. By
    /// default they spin, which takes half of the processor time of a small model and, as soon as any other program computes too, most of
    /// the wall time. Also limits oneDNN (<see cref="LimitOneDnn"/>). Call it once at start-up.
    /// </summary>
    public static void Apply()
    {
        NativeHeap.KeepFreedBlocks();
        Set(WaitPolicy, "PASSIVE");
        LimitOneDnn();
    }

    /// <summary>
    /// Where the processor hides its caches, as in some virtual machines, oneDNN is limited to AVX: with AVX2 and AVX-512 its convolutions
    /// are wrong there (oneDNN 3.7.1 in libtorch 2.10). A value that the environment already has is kept.
    /// </summary>
    public static void LimitOneDnn()
    {
        if (!ProcessorCaches.AreKnown)
            Set(OneDnnInstructions, "AVX");
    }

    /// <summary>
    /// Whether oneDNN computes the way back through a convolution by unfolding an image into columns, a copy for each weight of the kernel.
    /// It does without AVX2, and where it is limited to less.
    /// </summary>
    public static bool UnfoldsConvolutions => Environment.GetEnvironmentVariable(OneDnnInstructions) is { } set
        ? set.ToUpperInvariant() is "SSE41" or "AVX"
        : !Avx2.IsSupported || !ProcessorCaches.AreKnown;

    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        // .NET keeps its own copy of the environment outside Windows; native libraries read the C library's.
        if (!OperatingSystem.IsWindows())
            _ = SetEnvironment(name, value, 0);
    }

    /// <summary>
    /// Gives memory that was freed and kept back to the system: blocks of another size, which the next stage needs, would be taken beside
    /// it.
    /// </summary>
    public static void GiveMemoryBack() => NativeHeap.GiveBack();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

/// <summary>What the processor says of its caches. Some virtual machines hide it.</summary>
internal static class ProcessorCaches
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), ExtendedLeaves = unchecked((int)0x80000000), KindMask = 31;

    // "Auth", the first four letters of AMD's name.
    private const int Amd = 0x68747541;

    /// <summary>Whether the processor describes its caches; true where that cannot be asked.</summary>
    internal static bool AreKnown => !X86Base.IsSupported || AreDescribed(leaf => X86Base.CpuId(leaf, 0));

    /// <summary>Whether a processor describes its caches.</summary>
    /// <param name="leaf">What its CPUID instruction answers for a leaf, and for the first subleaf of one that has several.</param>
    internal static bool AreDescribed(Func<int, (int Eax, int Ebx, int Ecx, int Edx)> leaf)
    {
        var (leaves, maker, _, _) = leaf(0);
        int caches = maker == Amd ? AmdLeaf : IntelLeaf;
        int last = maker == Amd ? leaf(ExtendedLeaves).Eax : leaves;
        return (uint)last >= (uint)caches && (leaf(caches).Eax & KindMask) != 0;
    }
}

/// <summary>
/// Switches of the C library's allocator. By default glibc maps every large block afresh and returns it to the kernel when it is freed, so
/// that each activation of a network pays its page faults again; keeping the memory makes the same computation several times faster.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>
    /// Tells glibc to keep freed blocks. Call it once at start-up, before the first large tensor; elsewhere than on Linux with glibc it
    /// does nothing.
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
