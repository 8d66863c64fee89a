using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Hypir.Onnx.Sessions;

/// <summary>
/// ONNX Runtime's native library. It is loaded by its full path, never by name alone: Windows has an <c>onnxruntime.dll</c> of its own.
/// </summary>
public static class OnnxLibrary
{
    private const string Name = "onnxruntime";
    private static readonly Lock Guard = new();
    private static string? s_path;

    private const string NameAnother = "Install it again (`hypir gpu install any`), or name another file in HYPIR_ONNXRUNTIME.";

    /// <summary>The version that the .NET package is made for; no other is used.</summary>
    public const string Version = "1.30.0";

    /// <summary>Names the library that all sessions of this process use. Call it before the first of them.</summary>
    /// <param name="path">The library's full path.</param>
    /// <exception cref="GraphException">It cannot be loaded, or is of another version.</exception>
    /// <exception cref="InvalidOperationException">The process uses another one already.</exception>
    public static void Use(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        lock (Guard)
        {
            if (s_path == path)
                return;
            if (s_path is not null)
                throw new InvalidOperationException($"{s_path} is in use.");
            if (VersionOf(path) is var version && version != Version)
                throw new GraphException(
                    $"{path} is ONNX Runtime {version}; this program needs {Version}.", NameAnother);
            LoadCompanions(path);
            s_path = path;
            OrtEnv.DisableDllImportResolver = true;
            NativeLibrary.SetDllImportResolver(typeof(SessionOptions).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(OnnxLibrary).Assembly, Resolve);
        }
    }

    /// <summary>
    /// Loads what lies beside the library on Windows. Its providers ask for these by name alone, and Windows has a <c>DirectML.dll</c> of
    /// its own; what is already loaded is found first.
    /// </summary>
    private static void LoadCompanions(string path)
    {
        if (!OperatingSystem.IsWindows())
            return;
        foreach (string name in (string[])["DirectML.dll", "dxil.dll", "dxcompiler.dll"])
        {
            // One that is missing is missed when a GPU is opened.
            string companion = Path.Combine(Path.GetDirectoryName(path)!, name);
            if (File.Exists(companion))
                NativeLibrary.TryLoad(companion, out _);
        }
    }

    /// <summary>The version that a library reports.</summary>
    private static unsafe string VersionOf(string path)
    {
        try
        {
            // OrtApiBase: a function that gives the table of functions, and one that gives the version.
            nint* table = (nint*)((delegate* unmanaged<nint>)NativeLibrary.GetExport(NativeLibrary.Load(path), "OrtGetApiBase"))();
            return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)table[1])()) ?? "of no version";
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new GraphException($"{path} cannot be loaded as ONNX Runtime: {failure.Message}", NameAnother, failure);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name.StartsWith(Name, StringComparison.Ordinal) ? NativeLibrary.Load(s_path!) : 0;
}
