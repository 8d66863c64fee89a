using System.CommandLine;
using System.Globalization;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models license</c>.</summary>
internal static class LicenseCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("license", "Show a model's license terms, and accept them.");
        command.Aliases.Add("licence");
        var name = StoreCommand.Name(command);
        var accept = Options.Flag("--accept-license", "Accept the terms.", "--accept-licence");
        return StoreCommand.Finish(
            command,
            "hypir models license NAME [options]",
            "",
            symbols,
            [accept],
            pages,
            async (line, interruption) =>
            {
                var store = symbols.Store(line);
                var (manifest, wanted) = (symbols.Manifest(line), line.GetValue(name)!);
                if (manifest.Find(wanted) is null && store.Read().Entries.ContainsKey(wanted))
                {
                    Console.WriteLine($"{wanted} is a model that you added: its license is not known here. See where you got it.");
                    return ExitCode.Success;
                }

                var entries = manifest.WithBases(wanted);
                foreach (var entry in entries.Where(entry => entry.Licence is null))
                    Console.WriteLine($"{entry.Name}: the list does not give its license terms.");
                foreach (var group in entries.Where(entry => entry.Licence is not null).GroupBy(entry => entry.Licence!))
                {
                    var license = group.Key;
                    if (group.All(entry => entry.BuiltIn is not null))
                    {
                        Console.WriteLine(license.Text);
                        Console.WriteLine("It comes with the program and needs no acceptance.");
                        Console.WriteLine();
                        continue;
                    }

                    if (line.GetValue(accept))
                        await Licenses.AcceptAsync(store, license, DateTimeOffset.UtcNow, interruption.Token).ConfigureAwait(false);
                    var index = store.Read();
                    Console.WriteLine(license.Text);
                    Console.WriteLine(
                        Licenses.IsAccepted(index, license)
                            ? string.Create(
                                CultureInfo.InvariantCulture,
                                $"Accepted on this machine on {index.Licences[license.Id].Accepted:yyyy-MM-dd}.")
                            : "Not accepted on this machine yet."
                    );
                    Console.WriteLine();
                }

                return ExitCode.Success;
            }
        );
    }
}
