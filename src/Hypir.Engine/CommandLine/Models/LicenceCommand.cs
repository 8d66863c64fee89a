using System.CommandLine;
using System.Globalization;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Networks;

namespace Hypir.Engine.CommandLine.Models;

/// <summary><c>hypir models licence</c>.</summary>
internal static class LicenceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new Command("licence", "Show under which terms a model may be used, and accept them.");
        var name = StoreCommand.Name(command);
        var accept = Options.Flag("--accept-licence", "Remember that they are accepted.");
        return StoreCommand.Finish(command, "hypir models licence NAME [options]", "", symbols, [accept], pages, async (line, interruption) =>
        {
            var store = symbols.Store(line);
            Licence[] licences = [.. symbols.Manifest(line).WithBases(line.GetValue(name)!).Select(entry => entry.Licence).OfType<Licence>().Distinct()];
            if (licences.Length == 0)
                Console.WriteLine("It comes with the program, under the program's licence.");
            foreach (var licence in licences)
            {
                if (line.GetValue(accept))
                    await Licences.AcceptAsync(store, licence, DateTimeOffset.UtcNow, interruption.Token).ConfigureAwait(false);
                var index = store.Read();
                Console.WriteLine(licence.Text);
                Console.WriteLine(Licences.IsAccepted(index, licence)
                    ? string.Create(CultureInfo.InvariantCulture, $"Accepted on this machine on {index.Licences[licence.Id].Accepted:yyyy-MM-dd}.") : "Not accepted on this machine yet.");
                Console.WriteLine();
            }

            return ExitCode.Success;
        });
    }
}
