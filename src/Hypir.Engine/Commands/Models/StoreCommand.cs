using System.CommandLine;

namespace Hypir.Engine.Commands.Models;

/// <summary>What the commands on models have in common.</summary>
internal static class StoreCommand
{
    /// <summary>Gives a command its options, action and help.</summary>
    /// <param name="command">The command, with its arguments.</param>
    /// <param name="usage">How it is called.</param>
    /// <param name="closing">What its help says in the end.</param>
    /// <param name="symbols">The common options.</param>
    /// <param name="own">Its own options.</param>
    /// <param name="pages">The helps, which this one is added to.</param>
    /// <param name="run">What it does.</param>
    public static Command Finish(
        Command command, string usage, string closing, StoreSymbols symbols, Option[] own, List<HelpPage> pages, Func<ParseResult, Interruption, Task<ExitCode>> run) =>
        PlainCommand.Finish(command, usage, closing, symbols.Verbose, symbols.All, own, pages, run);

    /// <summary>The argument that names a model.</summary>
    public static Argument<string?> Name(CheckedCommand command, bool needed = true)
    {
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME", Description = "A model's name, as `hypir models list` shows it." };
        command.Add(name);
        if (needed)
            command.Refuse(line => line.GetValue(name) is null, "Name the model.");

        return name;
    }
}
