using System.Runtime.InteropServices;
using Hypir.Planning.Machine;
using TorchSharp;

namespace Hypir.Networks.Libraries;

/// <summary>
/// Loads libtorch before TorchSharp does, and explains failures. TorchSharp prints a page for programmers to standard output, and on
/// Windows some processes do not survive the failure of its static constructor.
/// </summary>
public static class TorchProbe
{
    /// <summary>The remedy for a missing or damaged file of the program.</summary>
    public const string Repair = "Install Hypir again, or repair the installation (docs/install.md).";

    // The libraries that TorchSharp loads, in this order; the second needs all others.
    private static readonly string[] Loaded = ["torch_cpu", "LibTorchSharp"];

    // The libraries examined on failure.
    private static readonly string[] Parts = ["c10", "torch_cpu", "torch", "LibTorchSharp"];

    /// <summary>Verifies that TorchSharp can be used.</summary>
    /// <exception cref="TorchLoadException">libtorch is missing, damaged, or needs something that this machine lacks.</exception>
    public static void Require()
    {
        if (Find() is { } problem)
            throw problem;
    }

    /// <summary>The reason why libtorch does not load, or null if it does.</summary>
    public static TorchLoadException? Find()
    {
        try
        {
            if (OperatingSystem.IsLinux() && Parts.Select(Locate).OfType<string>().FirstOrDefault(ElfFile.IsCutOff) is { } cut)
                return new($"libtorch does not load: {cut} is damaged or incomplete.", Remedy(Repair));
            foreach (string library in Loaded)
            {
                nint handle = NativeLibrary.Load(library, typeof(torch).Assembly, null);
                if (library == "torch_cpu")
                    Nnpack.SwitchOff(handle);
            }

            return null;
        }
        catch (Exception failure)
            when (failure is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return Explain(failure);
        }
    }

    /// <summary>Explains a failure: the runtime's own message names neither the file nor, on Windows, the missing dependency.</summary>
    private static TorchLoadException Explain(Exception failure)
    {
        if (Parts.FirstOrDefault(part => Locate(part) is null) is { } absent)
            return new($"libtorch does not load: {NativeTorch.FileOf(absent)} is missing from {Folders()[0]}", Remedy(Repair), failure);
        if (OperatingSystem.IsWindows() && Imports(failure) is { } lacking)
            return lacking;
        if (NativeTorch.Failure is var (message, remedy))
            return new(message, remedy, failure);
        foreach (string path in Parts.Select(part => Locate(part)!))
        {
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception reason) when (reason is DllNotFoundException or BadImageFormatException)
            {
                return new($"libtorch does not load: {path}: {Reason(reason, path)}", Remedy(Repair), failure);
            }
        }

        return new($"libtorch does not load: {Reason(failure, "")}", Remedy(Repair), failure);
    }

    private static TorchLoadException? Imports(Exception failure)
    {
        var imports = new MissingImports(Folders(), name => NativeLibrary.TryLoad(name, out _));
        MissingImport[] missing;
        try
        {
            missing = [.. Parts.SelectMany(part => imports.Of(Locate(part)!))
                .DistinctBy(import => import.Name, StringComparer.OrdinalIgnoreCase)];
        }
        catch (BadImageFormatException damaged)
        {
            return new($"libtorch does not load: {damaged.Message}", Remedy(Repair), failure);
        }

        if (missing.Length == 0)
            return null;
        MissingImport[] runtime = [.. missing.Where(import => VisualCppRuntime.Has(import.Name))];
        return runtime.Length > 0
            ? new(
                $"libtorch does not load: the Visual C++ runtime is missing ({Names(runtime)}, which {runtime[0].NeededBy} needs).",
                VisualCppRuntime.Remedy,
                failure)
            : new(
                $"libtorch does not load: {missing[0].NeededBy} needs {Names(missing)}, which this machine does not have.",
                Remedy(Repair),
                failure);
    }

    private static string Names(IEnumerable<MissingImport> missing) =>
        string.Join(", ", missing.Select(import => import.Name).Order(StringComparer.OrdinalIgnoreCase));

    /// <summary>On Linux the runtime lists every place that it searched; the relevant line is the one about the file itself.</summary>
    private static string Reason(Exception failure, string path)
    {
        string[] lines = [.. failure.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        string? own = lines.FirstOrDefault(line => path.Length > 0 && line.StartsWith($"{path}: ", StringComparison.Ordinal));
        string line = own is null ? lines[0] : own[(path.Length + 2)..];
        return line.EndsWith('.') ? line : line + ".";
    }

    /// <summary>The remedy: reinstalling Hypir does not repair a folder that the user chose.</summary>
    private static string Remedy(string own) =>
        NativeTorch.Folder is null ? own
            : "`--libtorch own` uses the one that comes with the program; `hypir gpu remove` removes one that was downloaded.";

    private static string? Locate(string part) =>
        Folders().Select(folder => Path.Combine(folder, NativeTorch.FileOf(part))).FirstOrDefault(File.Exists);

    private static List<string> Folders() =>
    [
        .. NativeTorch.Folder is { } chosen ? [chosen] : Array.Empty<string>(),
        AppContext.BaseDirectory,
        .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
    ];
}

/// <summary>The chosen folder has no libtorch, or one that does not load.</summary>
/// <inheritdoc/>
public sealed class TorchLoadException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner);
