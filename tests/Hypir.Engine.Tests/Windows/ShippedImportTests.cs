using Hypir.Networks.Libraries;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Windows;

/// <summary>
/// Everything that a shipped program or library for Windows imports is shipped, belongs to the Visual C++ runtime, or comes with Windows.
/// The import tables decide: Wine has libraries of its own that Windows lacks.
/// </summary>
[TestClass]
public sealed class ShippedImportTests : IDisposable
{
    private static readonly string[] Runtime = ["MSVCP140.dll", "VCRUNTIME140.dll", "VCRUNTIME140_1.dll"];

    private readonly TemporaryFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [TestCategory("Wine")]
    public void The_published_program_imports_nothing_unknown()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_WINDOWS_BUILD") is not { } build)
        {
            Assert.Inconclusive("Nothing was published for Windows (.ci/windows-engine, HYPIR_WINDOWS_BUILD).");
            return;
        }

        string folder = Path.Combine(build, "engine");
        string[] missing = Missing(folder, WindowsLibraries.Have);
        string[] runtime = [.. missing.Where(VisualCppRuntime.Has)];
        TestContext.WriteLine($"Of the Visual C++ runtime: {string.Join(", ", runtime)}");
        CollectionAssert.AreEqual(Array.Empty<string>(), missing.Except(runtime).ToArray(), "Neither shipped nor a part of Windows.");
        // All of it is shipped or none: a half of it would come from two versions.
        if (runtime.Length > 0)
            CollectionAssert.IsSubsetOf(Runtime, runtime);
    }

    [TestMethod]
    public void An_import_that_nothing_provides_is_found()
    {
        PeFile.Write(_folder["program.exe"], ["native.dll", "KERNEL32.dll"]);
        PeFile.Write(_folder["native.dll"], ["MSVCP140.dll", "api-ms-win-crt-heap-l1-1-0.dll"]);
        CollectionAssert.AreEqual(new[] { "MSVCP140.dll" }, Missing(_folder.Path, WindowsLibraries.Have));
        PeFile.Write(_folder["other.dll"], ["ws2_32.dll"], "unknown.dll");
        CollectionAssert.AreEqual(new[] { "MSVCP140.dll", "unknown.dll" }, Missing(_folder.Path, WindowsLibraries.Have));
    }

    /// <summary>Managed assemblies are PE files too, and import nothing but the runtime.</summary>
    private static string[] Missing(string folder, Func<string, bool> isProvided)
    {
        bool IsRuntime(string name) => name.Equals("mscoree.dll", StringComparison.OrdinalIgnoreCase);
        var imports = new MissingImports([folder], name => isProvided(name) || IsRuntime(name));
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".dll" or ".exe")
            .SelectMany(path => imports.Of(path, delayed: true)).Select(import => import.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
    }
}
