using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Libraries;

/// <summary>Settings of the native libraries below torch that have to be made before the first tensor.</summary>
public static partial class NativeSettings
{
    private const string WaitPolicy = "OMP_WAIT_POLICY", OneDnnInstructions = "ONEDNN_MAX_CPU_ISA";

    /// <summary>
    /// Lets freed memory stay with the process (<see cref="NativeHeap"/>), and OpenMP's threads sleep while they wait for each other. By default they spin,
    /// which takes half of the processor time of a small model and, as soon as any other program computes too, most of the wall time.
    /// Also limits oneDNN (<see cref="LimitOneDnn"/>). Call it once at start-up.
    /// </summary>
    public static void Apply()
    {
        NativeHeap.KeepFreedBlocks();
        Set(WaitPolicy, "PASSIVE");
        LimitOneDnn();
    }

    /// <summary>
    /// Where the processor hides its caches, as in some virtual machines, oneDNN is limited to AVX: with AVX2 and AVX-512 its convolutions are wrong there
    /// (oneDNN 3.7.1 in libtorch 2.10). A value that the environment already has is kept.
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

    /// <summary>Gives memory that was freed and kept back to the system: blocks of another size, which the next stage needs, would be taken beside it.</summary>
    public static void GiveMemoryBack() => NativeHeap.GiveBack();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
