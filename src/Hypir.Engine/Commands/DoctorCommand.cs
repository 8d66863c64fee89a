using System.CommandLine;
using System.IO.Compression;
using Hypir.Core.Files;
using Hypir.Engine.Commands.Models;
using Hypir.Engine.Doctor;
using Hypir.Restoration.Planning.Machine;

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
        return StoreCommand.Finish(new Command("doctor", "Tell what somebody who helps needs to know of this machine."), "hypir doctor [options]", Closing, symbols, [zip], pages, (line, interruption) =>
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
        });
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
