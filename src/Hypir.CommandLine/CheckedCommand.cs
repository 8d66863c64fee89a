using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace Hypir.CommandLine;

/// <summary>A command with rules about values that are valid by themselves but do not fit together.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">The command's description.</param>
/// <remarks>
/// Validators of System.CommandLine run before values are converted, and reading an invalid value there throws. Rules run when all values
/// are valid.
/// </remarks>
[SuppressMessage("Design", "CA1010", Justification = "Commands can be enumerated only so that initializers can add to them.")]
public sealed class CheckedCommand(string name, string description) : Command(name, description)
{
    /// <summary>The rules; each returns the problems of a command line, as sentences.</summary>
    public IList<Func<ParseResult, IEnumerable<string>>> Rules { get; } = [];

    /// <summary>Adds a rule with a single message.</summary>
    /// <param name="isBroken">Whether a command line breaks the rule.</param>
    /// <param name="message">The message for a violation.</param>
    public void Refuse(Func<ParseResult, bool> isBroken, string message) => Rules.Add(line => isBroken(line) ? [message] : []);
}

/// <summary>Checks the command lines of both programs. Nothing here throws because of user input, except <see cref="Require"/>.</summary>
public static class CommandReader
{
    /// <summary>Parses a command line.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The command line and its problems, as sentences; no problems if it can be run or asks for help.</returns>
    public static (ParseResult Line, IReadOnlyList<string> Problems) Read(Command root, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(root);
        var line = root.Parse(arguments);
        if (line.Action is { ClearsParseErrors: true })
            return (line, []);
        string[] unknown = [.. UnknownWords.In(line, arguments)];
        string[] wrong = [.. FlagValues(line.CommandResult, arguments).Concat(unknown)
            .Concat(line.Errors.Select(error => error.Message).Where(message => !UnknownWords.IsAbout(message, line)))
            .Concat(EmptyValues(line.CommandResult)).Distinct()];
        return (line, wrong.Length == 0 && line.CommandResult.Command is CheckedCommand command
            ? [.. command.Rules.SelectMany(rule => rule(line))] : wrong);
    }

    /// <summary>Parses a command line that must be valid.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="UsageException">The command line is invalid.</exception>
    public static ParseResult Require(Command root, IReadOnlyList<string> arguments)
    {
        var (line, problems) = Read(root, arguments);
        return problems.Count == 0 ? line
            : throw new UsageException(string.Join(' ', problems), $"Run `{Path(line.CommandResult)} --help` to see how it is used.");
    }

    /// <summary>The words that invoke a command, such as <c>hypir models list</c>.</summary>
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : command.Command.Name;

    /// <summary>An unset shell variable becomes an empty value, which is never a valid path, name, or number.</summary>
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

    /// <summary>System.CommandLine treats the value of a flag, as in <c>--overwrite=no</c>, as an argument of the command.</summary>
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
