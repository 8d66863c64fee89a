using System.Reflection;
using System.Runtime.InteropServices;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;

namespace Hypir.Models.Backends;

/// <summary>
/// Chooses the libtorch that a program uses: the one the user named, the one downloaded for the GPU, or the one beside the program.
/// </summary>
public static class LibTorchChoice
{
    /// <summary>The environment variable that names a folder; the command-line option takes precedence.</summary>
    public const string Variable = "HYPIR_LIBTORCH";

    /// <summary>The option, common to all commands, that names a folder.</summary>
    public const string Option = "--libtorch";

    /// <summary>Used instead of a folder: the libtorch beside the program.</summary>
    public const string Own = "own";

    /// <summary>The platform of this program, such as <c>win-x64</c>.</summary>
    public static string Platform =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsLinux() ? "linux" : "osx")}-"
        + $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The folder that a program started now would use, or null for the libraries beside it.</summary>
    /// <param name="wish">The command line's choice, or null.</param>
    /// <param name="home">Where downloaded builds are kept.</param>
    /// <returns>The folder, and whether the user named it.</returns>
    public static (string? Folder, bool Named) Folder(string? wish, ModelHome home)
    {
        if ((wish ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
            return (named == Own ? null : named, true);
        var store = new BackendStore(home);
        return (
            store.Find(Platform) is { } installed && installed.LibTorch == NativeTorch.Needed.ToString()
                ? store.FolderOf(installed.Name)
                : null,
            false
        );
    }

    /// <summary>Runs a program with the chosen libtorch, unless that is the one beside it.</summary>
    /// <param name="program">The program, whose entry point is called again.</param>
    /// <param name="arguments">Its arguments, including <c>--libtorch FOLDER</c>.</param>
    /// <returns>Its exit code, or null if it should simply continue: nothing is chosen, or the choice is already in effect.</returns>
    /// <exception cref="TorchLoadException">The named folder has no libtorch, or one of another version.</exception>
    public static int? Run(Assembly program, string[] arguments)
    {
        if (NativeTorch.Folder is not null)
            return null;
        var (folder, named) = Folder(Wish(arguments), ModelHome.Default);
        if (folder is null)
            return null;
        if (NativeTorch.Find(folder) is { } place)
        {
            var version = BackendArchive.VersionIn(place) ?? BackendArchive.VersionIn(Path.GetDirectoryName(place)!);
            if (version is not null && version != NativeTorch.Needed)
                throw new TorchLoadException(
                    $"{folder} holds libtorch {version}; this program needs {NativeTorch.Needed}.",
                    $"Name another folder ({Option}, {Variable}), or none.");
        }
        else if (!named)
        {
            return null; // The downloaded libraries were removed: use the program's own.
        }

        return TorchContext.Run(folder, program, arguments);
    }

    /// <summary>
    /// The command line's choice. It is extracted before normal parsing, because most of the program must not be loaded yet.
    /// </summary>
    private static string? Wish(string[] arguments)
    {
        int at = Array.FindIndex(arguments, argument => argument == Option || argument.StartsWith($"{Option}=", StringComparison.Ordinal));
        return at < 0 ? null
            : arguments[at].Length > Option.Length ? arguments[at][(Option.Length + 1)..]
            : arguments.ElementAtOrDefault(at + 1);
    }
}

/// <summary>The facts that decide whether a machine can use a GPU backend.</summary>
/// <param name="Platform">Its runtime, such as <c>win-x64</c>.</param>
/// <param name="Driver">Version of NVIDIA's driver, or null if there is none.</param>
/// <param name="Gpus">NVIDIA GPUs with name and compute capability.</param>
public sealed record GpuMachine(string Platform, string? Driver, IReadOnlyList<(string Name, Version Capability)> Gpus)
{
    /// <summary>The obstacle to using a backend on this machine.</summary>
    /// <param name="backend">The backend.</param>
    /// <returns>The problem and its remedy, or null if there is none.</returns>
    public (string Problem, string Remedy)? Obstacle(Backend backend)
    {
        const string Otherwise = "Without it, Hypir computes on the CPU.";
        if (backend.Platform != Platform)
            return (
                $"{backend.Title} is for {backend.Platform}; this machine is {Platform}.",
                $"--libtorch uses a libtorch that you have. {Otherwise}");
        if (Driver is null)
        {
            return ("No NVIDIA GPU with its driver was found: CUDA runs only on NVIDIA GPUs, not on those from AMD or Intel.",
                $"If this machine has one, install its driver from nvidia.com/drivers. {Otherwise}");
        }
        if (!Version.TryParse(Driver, out var driver) || driver < backend.LeastDriver)
            return (
                $"NVIDIA's driver {Driver} is too old: {backend.Title} needs {backend.LeastDriver} or newer.",
                "Install a newer driver from nvidia.com/drivers, and restart the machine.");
        if (Gpus.Count == 0)
            return ("NVIDIA's driver is installed, but no GPU responds.", $"Is it plugged in and switched on? {Otherwise}");
        var (name, capability) = Gpus.MaxBy(gpu => gpu.Capability);
        return capability >= backend.LeastCapability
            ? null
            : (
                $"The {name} is too old: it has compute capability {capability}, and {backend.Title} needs {backend.LeastCapability} "
                    + "(GeForce GTX 16, RTX 20 and newer).",
                Otherwise
            );
    }
}

/// <summary>Puts the user's source before those of a list.</summary>
internal static class SourceChoice
{
    /// <summary>The sources of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">The file itself, its folder, or the address of that folder; or null.</param>
    /// <exception cref="StoreException">It is none of these.</exception>
    public static IReadOnlyList<Uri> With(ManifestFile file, string? from)
    {
        if (from is null)
            return file.Sources;
        if (Sources.IsAddress(from))
            return [new Uri($"{from.TrimEnd('/')}/{Uri.EscapeDataString(file.Path)}"), .. file.Sources];
        string place = Path.GetFullPath(from);
        string path = File.Exists(place) ? place : Path.Combine(place, file.Path);
        // A user who names a place wants the file from there: nothing is downloaded from elsewhere.
        return File.Exists(path)
            ? [new Uri(path)]
            : throw new StoreException($"{file.Path} is not in {place}.", "Name the file, or the folder that it lies in.");
    }
}
