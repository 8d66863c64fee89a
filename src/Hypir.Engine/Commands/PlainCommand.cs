using System.CommandLine;
using Hypir.Engine.Reporting;

namespace Hypir.Engine.Commands;

/// <summary>Shared cancellation and error handling for commands that do one thing and exit.</summary>
internal static class PlainCommand
{
    /// <summary>Gives a command its options, action and help.</summary>
    /// <param name="command">The command, with its arguments.</param>
    /// <param name="usage">The usage line.</param>
    /// <param name="closing">The end of its help.</param>
    /// <param name="verbose">The option for stack traces with errors.</param>
    /// <param name="general">The options that it shares with other commands.</param>
    /// <param name="own">Its own options.</param>
    /// <param name="pages">The help pages; this one is added.</param>
    /// <param name="run">Runs the command.</param>
    public static Command Finish(
        Command command, string usage, string closing, Option<bool> verbose, IReadOnlyList<Option> general, Option[] own,
        List<HelpPage> pages, Func<ParseResult, Interruption, Task<ExitCode>> run)
    {
        foreach (var option in own.Concat(general))
            command.Add(option);
        command.SetAction(line => (int)Run(line, verbose, run));
        pages.Add(
            new(command, usage, own.Length > 0 ? [new("Options", own), new("General", general)] : [new("General", general)], closing));
        return command;
    }

    /// <summary>Gives a command whose only shared option is <c>--verbose</c> its options, action, and help.</summary>
    public static Command Finish(
        Command command, string usage, string closing, Option[] own, List<HelpPage> pages,
        Func<ParseResult, Interruption, Task<ExitCode>> run)
    {
        var verbose = Options.Verbose();
        return Finish(command, usage, closing, verbose, [verbose], own, pages, run);
    }

    private static ExitCode Run(ParseResult line, Option<bool> verbose, Func<ParseResult, Interruption, Task<ExitCode>> run)
    {
        using var interruption = new Interruption(
            () => Console.Error.WriteLine("Cancelled. Partial downloads are kept."), Interruption.Soon);
        try
        {
            return run(line, interruption).GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            interruption.ReportOnce(() => ErrorText.Write(failure, line.GetValue(verbose)));
            return ExitCodes.Of(failure);
        }
    }
}
