using System.CommandLine;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models remove</c>.</summary>
internal static class RemoveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("remove", "Remove a model: its files in the store are deleted, linked ones stay.");
        var name = StoreCommand.Name(command);
        return StoreCommand.Finish(command, "hypir models remove NAME [options]", "", symbols, [], pages, async (line, interruption) =>
        {
            string model = line.GetValue(name)!;
            var removed = await symbols.Store(line).RemoveAsync(model, interruption.Token).ConfigureAwait(false);
            Console.WriteLine(removed is { Linked: true } ? $"{model} is forgotten; {removed.Path} stays." : $"{model} is removed.");
            return ExitCode.Success;
        });
    }
}
