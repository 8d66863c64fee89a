using System.Runtime.InteropServices;

namespace Hypir.Networks;

/// <summary>Settings of the native libraries below torch that have to be made before the first tensor.</summary>
public static partial class NativeSettings
{
    private const string WaitPolicy = "OMP_WAIT_POLICY", OneDnnInstructions = "ONEDNN_MAX_CPU_ISA";

    /// <summary>
    /// Lets freed memory stay with the process (<see cref="NativeHeap"/>), and OpenMP's threads sleep while they wait for each other. By default they spin,
    /// which takes half of the processor time of a small model and, as soon as any other program computes too, most of the wall time.
    /// Where the processor hides its caches, as in some virtual machines, oneDNN is limited to AVX: with AVX2 and AVX-512 its convolutions are wrong there
    /// (oneDNN 3.7.1 in libtorch 2.10). A value that the environment already has is kept. Call it once at start-up.
    /// </summary>
    public static void Apply()
    {
        NativeHeap.KeepFreedBlocks();
        Set(WaitPolicy, "PASSIVE");
        if (!ProcessorCaches.AreKnown)
            Set(OneDnnInstructions, "AVX");
    }

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
