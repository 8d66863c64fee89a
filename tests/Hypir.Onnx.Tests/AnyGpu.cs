using Hypir.Onnx.Sessions;

namespace Hypir.Onnx.Tests;

/// <summary>
/// The library that all tests of this assembly compute with. <c>HYPIR_ONNXRUNTIME</c> names one with providers for GPUs; Vulkan's loader
/// reads the driver from <c>VK_ICD_FILENAMES</c>, which may be SwiftShader, a driver that computes on the CPU.
/// </summary>
[TestClass]
public static class AnyGpu
{
    private const string Variable = "HYPIR_ONNXRUNTIME";

    [AssemblyInitialize]
    public static void UseLibrary(TestContext _)
    {
        // Before any session: ONNX Runtime would otherwise find its library by itself, and then no other way is possible.
        OnnxLibrary.Use(Machine.Library);
    }

    /// <summary>Ends a test as skipped where there is no such library.</summary>
    public static void Require()
    {
        if (Path is null)
            Assert.Inconclusive($"{Variable} does not name a library with providers for GPUs.");
    }

    /// <summary>The library's full path; null if the variable names none.</summary>
    public static string? Path => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? System.IO.Path.GetFullPath(path)
        : null;
}
