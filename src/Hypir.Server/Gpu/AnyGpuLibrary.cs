using Hypir.Models.Backends;
using Hypir.Models.Store;
using Hypir.Onnx.Adapters;
using Hypir.Onnx.Networks;
using Hypir.Onnx.Sessions;
using Hypir.Planning.Machine;

namespace Hypir.Server.Gpu;

/// <summary>ONNX Runtime's native library for GPUs of any vendor.</summary>
internal static class AnyGpuLibrary
{
    /// <summary>The environment variable that names the library.</summary>
    public const string Variable = "HYPIR_ONNXRUNTIME";

    private const string TestsFile = "gpu-tests.json";

    private static readonly Lazy<IReadOnlyList<GpuAdapter>> Known = new(() => AdapterProgram.Ask(Program));

    /// <summary>What plans need to know, or null if there is no library.</summary>
    /// <param name="home">The folder that keeps the installed library, and remembers self-tests.</param>
    public static GraphFacts? Find(ModelHome home) => LibraryIn(home) is { } library
        ? new(
            new(library, Program) { Tests = Path.Combine(Path.GetFullPath(home.Folder), TestsFile) }, Devices, PlanGraphs.LargestTensor)
        {
            Version = OnnxLibrary.Version,
            Adapters = Adapters,
        }
        : null;

    /// <summary>The library's full path: the one that the variable names, else the installed one; null if there is none.</summary>
    /// <param name="home">The folder that keeps the installed library.</param>
    public static string? LibraryIn(ModelHome home)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        var store = new BackendStore(home, BackendKind.AnyGpu);
        return store.Find(LibTorchChoice.Platform) is { } installed && installed.LibTorch == OnnxLibrary.Version
            ? Path.Combine(store.FolderOf(installed.Name), OnnxArchive.LibraryFor(installed.Platform))
            : null;
    }

    /// <summary>The GPUs that the system's drivers name; asked for once.</summary>
    public static IReadOnlyList<GpuAdapter> Adapters() => Known.Value;

    private static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir");

    /// <summary>The devices that its providers open, WebGPU first, which alone has been tried.</summary>
    private static string[] Devices => OperatingSystem.IsWindows() ? ["webgpu:0", "directml:0", "directml:1"] : ["webgpu:0"];
}
