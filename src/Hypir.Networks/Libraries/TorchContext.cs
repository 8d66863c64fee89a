using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Hypir.Planning.Machine;

namespace Hypir.Networks.Libraries;

/// <summary>
/// Runs a program with libtorch from a chosen folder. TorchSharp loads <c>torch_cpu</c> by name, and the runtime looks beside the program
/// first, even if another copy is loaded; only an assembly's load context is consulted earlier. So the program's own assemblies and
/// TorchSharp are loaded a second time into this context, and the program starts again in it. libtorch is not loaded until something is
/// computed.
/// </summary>
public sealed partial class TorchContext : AssemblyLoadContext
{
    private const string Binding = "LibTorchSharp";

    // In dependency order; missing ones are skipped.
    private static readonly string[] Parts = ["c10", "torch_cpu", "torch_cuda", "torch"];

    private readonly string _folder;
    private readonly string _programFolder;
    private readonly string _program;

    private TorchContext(string folder, Assembly program)
        : base("libtorch")
    {
        (_folder, _program) = (folder, program.GetName().Name!);
        _programFolder = Path.GetDirectoryName(program.Location)!;
    }

    /// <summary>Runs a program with libtorch from a folder.</summary>
    /// <param name="folder">A folder in which <see cref="NativeTorch.Find"/> finds libtorch.</param>
    /// <param name="program">The program, whose entry point is called again.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TorchLoadException">The folder has no libtorch.</exception>
    public static int Run(string folder, Assembly program, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        string place = NativeTorch.Find(folder)
            ?? throw new TorchLoadException(
                $"{folder} has no libtorch: it must contain "
                + $"{string.Join(", ", Parts.Where(part => part != "torch_cuda").Select(NativeTorch.FileOf))}.",
                "Name the folder with the libraries, or the one that libtorch's archive was unpacked to."
            );
        NativeTorch.Folder = place;
        // cuDNN and the run-time compiler load some of their parts by name on first use.
        if (OperatingSystem.IsWindows())
            _ = SetDllDirectory(place);
        MethodInfo entry = new TorchContext(place, program).LoadFromAssemblyPath(program.Location).EntryPoint!;
        return (int)entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Assemblies that reference TorchSharp must use this context; all others are shared.
        string name = assemblyName.Name!;
        return name == "TorchSharp" || name == _program || name.StartsWith("Hypir.", StringComparison.Ordinal)
            ? LoadFromAssemblyPath(Path.Combine(_programFolder, $"{name}.dll"))
            : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        try
        {
            if (NativeTorch.Has(_folder, unmanagedDllName))
                return LoadUnmanagedDllFromPath(Path.Combine(_folder, NativeTorch.FileOf(unmanagedDllName)));
            // This library is beside the program; its libtorch dependencies are resolved by name among the loaded libraries.
            if (unmanagedDllName == Binding)
            {
                foreach (string part in Parts.Where(part => NativeTorch.Has(_folder, part)))
                    LoadUnmanagedDllFromPath(Path.Combine(_folder, NativeTorch.FileOf(part)));
            }

            return 0;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            NativeTorch.Failure = ($"libtorch in {_folder} does not load: {failure.Message.TrimEnd()}",
                "`--libtorch own` uses the one that comes with the program; `hypir gpu remove` removes one that was downloaded.");
            throw;
        }
    }

    [LibraryImport("kernel32", EntryPoint = "SetDllDirectoryW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetDllDirectory(string path);
}
