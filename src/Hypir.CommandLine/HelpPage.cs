using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hypir.CommandLine;

/// <summary>One command's help: what it is for, its usage, its options in groups, examples.</summary>
/// <param name="Command">The command.</param>
/// <param name="Usage">How it is called.</param>
/// <param name="Groups">Its options.</param>
/// <param name="Closing">Examples and what else is worth knowing.</param>
public sealed record HelpPage(Command Command, string Usage, IReadOnlyList<OptionGroup> Groups, string Closing)
{
    private const int Column = 30;

    // Of a narrower terminal, descriptions go below their options.
    private const int LeastForColumns = 70, Indent = 6;

    /// <summary>Pages of a program's commands as they describe themselves: all options in one group, no closing.</summary>
    /// <param name="root">The program.</param>
    /// <param name="program">Its name.</param>
    public static IEnumerable<HelpPage> Of(RootCommand root, string program)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Of(root, program, root.Options.Where(option => option.Recursive));

        static IEnumerable<HelpPage> Of(Command command, string path, IEnumerable<Option> shared)
        {
            string rest = command.Subcommands.Count > 0
                ? "COMMAND"
                : string.Join(' ', command.Arguments.Select(Placeholder).Append("[OPTIONS]"));
            yield return new(command, $"{path} {rest}", [new("Options", [.. command.Options.Union(shared)])], "");
            foreach (HelpPage page in command.Subcommands.SelectMany(one => Of(one, $"{path} {one.Name}", shared)))
                yield return page;
        }
    }

    /// <summary>Makes <c>--help</c>, and commands that only group others, show their pages.</summary>
    /// <param name="root">The program.</param>
    /// <param name="pages">A page for each command.</param>
    public static void Attach(RootCommand root, IReadOnlyList<HelpPage> pages)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(pages);
        root.Options.OfType<HelpOption>().Single().Action = new PageAction(command =>
        {
            pages.First(page => page.Command == command).Write(Console.Out);
            return ExitCode.Success;
        });
        foreach (HelpPage page in pages.Where(page => page.Command.Subcommands.Count > 0))
            page.Command.SetAction(_ => page.Write(Console.Out));
    }

    /// <summary>Writes the page, no wider than the terminal.</summary>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int width = TerminalText.Width;
        foreach (string text in (string[])[Command.Description ?? "", "", $"Usage: {Usage}"])
            WriteText(output, text, width);
        WriteGroup(output, "Commands", Command.Subcommands.Select(command => (command.Name, Summary(command.Description))), width);
        WriteGroup(
            output, "Arguments", Command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description)), width);
        foreach (var group in Groups)
            WriteGroup(output, group.Title, group.Options.Select(option => (Label(option), option.Description)), width);
        if (Closing.Length > 0)
        {
            output.WriteLine();
            WriteText(output, Closing, width);
        }
    }

    /// <summary>The first sentence: what else there is to know stands on the command's own page.</summary>
    private static string? Summary(string? description) => description?.Split('\n')[0] is { } line
        ? line.IndexOf(". ", StringComparison.Ordinal) is var end and >= 0 ? line[..(end + 1)] : line
        : null;

    private static string Placeholder(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name;
        string all = argument.Arity.MaximumNumberOfValues > 1 ? $"{name} [...]" : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{all}]" : all;
    }

    private static string Label(Option option)
    {
        string names = string.Join(
            ", ", option.Aliases.Where(alias => alias.Length == 2 && alias[0] == '-' && char.IsAsciiLetter(alias[1])).Append(option.Name));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static void WriteGroup(TextWriter output, string title, IEnumerable<(string Label, string? Text)> rows, int width)
    {
        int column = width < LeastForColumns ? Indent : Column;
        bool first = true;
        foreach (var (label, text) in rows)
        {
            if (first)
                output.WriteLine($"{Environment.NewLine}{title}:");
            first = false;
            string line = $"  {label}".PadRight(column);
            // A long label has the line to itself.
            if (line.Length >= column && line[^1] != ' ')
            {
                output.WriteLine(line);
                line = new string(' ', column);
            }

            TerminalText.WriteLine(output, line + text, width, column);
        }
    }

    /// <summary>Writes text whose own line breaks stay; what follows a break of ours is indented a little more than its line.</summary>
    private static void WriteText(TextWriter output, string text, int width)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            TerminalText.WriteLine(output, line, width, Math.Min(line.TakeWhile(letter => letter == ' ').Count() + 2, Column));
    }
}

/// <summary>Options that the help shows together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Options">The options, in order.</param>
public sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);

/// <summary>Writes something instead of running the command that an option was given with.</summary>
/// <param name="write">Writes it for the command, and gives the exit code.</param>
public sealed class PageAction(Func<Command, ExitCode> write) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) => (int)write(parseResult.CommandResult.Command);
}
