using System.CommandLine;
using System.IO.Compression;
using System.Reflection;
using Hypir.Core.Files;
using Hypir.Engine.Commands.Models;
using Hypir.Engine.Doctor;
using Hypir.Networks.Libraries;
using Hypir.Restoration.Planning.Machine;
using TorchSharp;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Closing = """
        Nothing is sent anywhere. User name, machine name and home folder are left out; names of files in errors are not: read the report before you pass it on.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var symbols = new StoreSymbols();
        var zip = Options.Text("--zip", "FILE", "Also write the report and the last errors in full to a new zip file.");
        return StoreCommand.Finish(
            new Command("doctor", "Tell what somebody who helps needs to know of this machine."),
            "hypir doctor [options]",
            Closing,
            symbols,
            [zip],
            pages,
            (line, interruption) =>
            {
                // Before the report, which takes a while.
                if (line.GetValue(zip) is { } target)
                    Check(target);
                string report = new DoctorReport(symbols.Store(line), AppFolder.Errors, machine).Write();
                Console.Write(report);
                if (line.GetValue(zip) is { } path)
                {
                    interruption.RunUninterrupted(() => Pack(path, report, string.Join('\n', AppFolder.Errors.Read())));
                    Console.WriteLine($"Written to {path}. Read it before you pass it on.");
                }

                return Task.FromResult(ExitCode.Success);
            }
        );
    }

    /// <summary>A report must not replace anything: a slip of the hand would name a person's own file.</summary>
    private static void Check(string path)
    {
        if (!Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--zip takes a file name that ends in .zip, not \"{path}\".");
        if (File.Exists(path) || Directory.Exists(path))
            throw new OutputException($"{path} exists already.", "Choose another file name after --zip.");
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

/// <summary>What <c>hypir --version</c> tells: what a report of a fault needs.</summary>
internal static class VersionReport
{
    /// <summary>
    /// Writes the versions of program and libraries, and the device that "auto" means. What is wrong with libtorch takes its version's
    /// place.
    /// </summary>
    /// <param name="output">Where they are written.</param>
    /// <param name="machine">The machine.</param>
    /// <returns>Whether libtorch loads, as an exit code.</returns>
    public static ExitCode Write(TextWriter output, MachineFacts machine)
    {
        TorchLoadException? problem = TorchProbe.Find();
        output.WriteLine($"hypir {Version(typeof(VersionReport))}");
        output.WriteLine($"TorchSharp {Version(typeof(torch))}");
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

    /// <summary>The library says four figures, of which the last is always 0.</summary>
    private static string Libtorch() =>
        System.Version.TryParse(torch.__version__, out var version) ? version.ToString(3) : torch.__version__;

    private static string Version(Type type)
    {
        string? version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (version ?? type.Assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];
    }
}
