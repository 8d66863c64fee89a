using System.CommandLine;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models verify</c>.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("verify", "Check that models are whole and unchanged.");
        var name = StoreCommand.Name(command, needed: false);
        return StoreCommand.Finish(command, "hypir models verify [NAME] [options]", "Without a name all models are checked. A file that is wrong: `hypir models pull NAME` replaces it.", symbols, [], pages, async (line, interruption) =>
        {
            var store = symbols.Store(line);
            string[] names = line.GetValue(name) is { } one ? [one] : [.. store.Read().Entries.Keys];
            bool right = true;
            foreach (string model in names)
            {
                foreach (var (file, check) in await new ModelVerifier(store).VerifyAsync(model, null, interruption.Token).ConfigureAwait(false))
                {
                    right &= check is FileCheck.Right or FileCheck.PinnedNow;
                    string where = file.Path.Length > 0 ? $"{model}/{file.Path}" : model;
                    Console.WriteLine($"{where}: {Words(check, file)}");
                }
            }

            return right ? ExitCode.Success : ExitCode.BadFile;
        });
    }

    private static string Words(FileCheck check, StoredFile file) => check switch
    {
        FileCheck.Right => file.Pinned ? "unchanged since it was first here" : "right",
        FileCheck.PinnedNow => $"sha256 {file.Sha256} from now on",
        FileCheck.Missing => "MISSING",
        FileCheck.WrongLength => $"WRONG LENGTH, not {Sizes.Of(file.Size)}",
        FileCheck.WrongHash => "CHANGED OR DAMAGED: its SHA-256 differs",
        _ => "CANNOT BE READ",
    };
}
