using System.CommandLine;
using System.IO.Compression;
using System.Reflection;
using Hypir.Core.Files;
using Hypir.Engine.Commands.Models;
using Hypir.Engine.Doctor;
using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;
using TorchSharp;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Closing = """
        Nothing is sent anywhere. User name, machine name, and home folder are removed, but file names in errors are not:
        read the report before you share it.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var symbols = new StoreSymbols();
        var zip = Options.Text("--zip", "FILE", "Also write the report and the full recent errors to a new zip file.");
        return StoreCommand.Finish(
            new Command("doctor", "Print a report on this machine for troubleshooting."),
            "hypir doctor [options]",
            Closing,
            symbols,
            [zip],
            pages,
            (line, interruption) =>
            {
                // Check before writing the report, which takes a while.
                if (line.GetValue(zip) is { } target)
                    Check(target);
                string report = new DoctorReport(symbols.Store(line), AppFolder.Errors, machine).Write();
                Console.Write(report);
                if (line.GetValue(zip) is { } path)
                {
                    interruption.RunUninterrupted(() => Pack(path, report, string.Join('\n', AppFolder.Errors.Read())));
                    Console.WriteLine($"Written to {path}. Read it before you share it.");
                }

                return Task.FromResult(ExitCode.Success);
            }
        );
    }

    /// <summary>A report must not overwrite anything: a typo could name one of the user's files.</summary>
    private static void Check(string path)
    {
        if (!Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--zip takes a file name that ends in .zip, not \"{path}\".");
        if (File.Exists(path) || Directory.Exists(path))
            throw new OutputException($"{path} already exists.", "Choose another file name after --zip.");
    }

    private static bool Pack(string path, string report, string errors)
    {
        OutputException.Guard(path, () => FileReplacement.Write(path, file =>
            {
                using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
                foreach (var (name, text) in ((string, string)[])[("report.txt", report), ("errors.jsonl", errors)])
                {
                    using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                    writer.Write(text);
                }
            }));
        return true;
    }
}

/// <summary>The output of <c>hypir --version</c>: what a bug report needs.</summary>
internal static class VersionReport
{
    /// <summary>
    /// Writes the versions of the program and its libraries, and the device that "auto" selects. If libtorch does not load, the reason
    /// replaces its version.
    /// </summary>
    /// <param name="output">The destination.</param>
    /// <param name="machine">The machine.</param>
    /// <returns>The exit code: whether libtorch loads.</returns>
    public static ExitCode Write(TextWriter output, MachineFacts machine)
    {
        TorchLoadException? problem = TorchProbe.Find();
        output.WriteLine($"hypir {ProgramVersion.Of(typeof(VersionReport))}");
        output.WriteLine($"TorchSharp {ProgramVersion.Of(typeof(torch))}");
        output.WriteLine(
            problem is null
                ? $"libtorch {Libtorch()}{(NativeTorch.Folder is { } folder ? $", from {folder}" : "")}"
                : $"{problem.Message} {problem.Remedy}"
        );
        output.WriteLine(
            machine.Gpus.Count > 0
                ? $"device cuda:{machine.Gpus[0].Index}, {machine.Gpus[0].Name}"
                : $"device cpu, {machine.Cores} cores"
        );
        return problem is null ? ExitCode.Success : ExitCode.BadFile;
    }

    /// <summary>The assembly version has four parts, the last of which is always 0.</summary>
    private static string Libtorch() =>
        System.Version.TryParse(torch.__version__, out var version) ? version.ToString(3) : torch.__version__;
}

/// <summary>Versions of the program and its libraries.</summary>
internal static class ProgramVersion
{
    /// <summary>The program's version.</summary>
    public static string Text => Of(typeof(ProgramVersion));

    /// <summary>The version of a type's library.</summary>
    public static string Of(Type type)
    {
        string? version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (version ?? type.Assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];
    }
}
