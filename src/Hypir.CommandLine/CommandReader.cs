using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hypir.CommandLine;

/// <summary>The one place where both programs check their command lines. Nothing here throws because of what a user typed.</summary>
public static class CommandReader
{
    /// <summary>Parses a command line.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="arguments">What was typed.</param>
    /// <returns>The command line, and everything that is wrong with it, in sentences; nothing if it can be run, or asks for help.</returns>
    public static (ParseResult Line, IReadOnlyList<string> Problems) Read(Command root, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(root);
        var line = root.Parse(arguments);
        if (line.Action is { ClearsParseErrors: true })
            return (line, []);
        string[] wrong = [.. FlagValues(line.CommandResult, arguments).Concat(line.Errors.Select(error => error.Message))
            .Concat(EmptyValues(line.CommandResult)).Distinct()];
        return (line, wrong.Length == 0 && line.CommandResult.Command is CheckedCommand command
            ? [.. command.Rules.SelectMany(rule => rule(line))] : wrong);
    }

    /// <summary>Parses a command line that can be run.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="arguments">What was typed.</param>
    /// <exception cref="UsageException">Something is wrong with it.</exception>
    public static ParseResult Require(Command root, IReadOnlyList<string> arguments)
    {
        var (line, problems) = Read(root, arguments);
        return problems.Count == 0 ? line
            : throw new UsageException(string.Join(' ', problems), $"Run `{Path(line.CommandResult)} --help` to see how it is used.");
    }

    /// <summary>The words that call a command, such as <c>hypir models list</c>.</summary>
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : command.Command.Name;

    /// <summary>An unset variable of a shell becomes an empty value, which no path, name or number can be.</summary>
    private static IEnumerable<string> EmptyValues(CommandResult command)
    {
        var values = command.Parent is CommandResult parent ? parent.Children.OfType<OptionResult>().Concat(command.Children)
            : command.Children;
        foreach (var value in values.Where(value => value is OptionResult or ArgumentResult
            && value.Tokens.Any(token => token.Value.Length == 0)))
        {
            if (value is OptionResult { Option: var option } && option is not FreeText)
                yield return $"The value of {option.Name} is empty.";
            else if (value is ArgumentResult { Argument: var argument })
                yield return $"{argument.HelpName ?? argument.Name} is empty.";
        }
    }

    /// <summary>System.CommandLine takes the value of a flag, as in <c>--overwrite=no</c>, for an argument of the command.</summary>
    private static IEnumerable<string> FlagValues(CommandResult command, IReadOnlyList<string> arguments)
    {
        var flags = command.Command.Options.OfType<Option<bool>>().ToArray();
        foreach (string argument in arguments.TakeWhile(argument => argument != "--"))
        {
            int end = argument.StartsWith('-') ? argument.IndexOfAny(['=', ':']) : -1;
            if (end > 0 && flags.Any(flag => flag.Name == argument[..end] || flag.Aliases.Contains(argument[..end]))
                && !bool.TryParse(argument.AsSpan(end + 1), out _))
                yield return $"{argument[..end]} takes no value; \"{argument}\" has one.";
        }
    }
}
