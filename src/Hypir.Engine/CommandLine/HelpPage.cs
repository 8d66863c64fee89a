using System.CommandLine;

namespace Hypir.Engine.CommandLine;

/// <summary>One command's help: what it is for, its usage, its options in groups, examples.</summary>
/// <param name="Command">The command.</param>
/// <param name="Usage">How it is called.</param>
/// <param name="Groups">Its options.</param>
/// <param name="Closing">Examples and what else is worth knowing.</param>
internal sealed record HelpPage(Command Command, string Usage, IReadOnlyList<OptionGroup> Groups, string Closing)
{
    private const int Column = 30;
    private const int Widest = 110;

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Command.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage}");
        WriteGroup(output, "Commands", Command.Subcommands.Select(command => (command.Name, command.Description)));
        WriteGroup(output, "Arguments", Command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description)));
        foreach (var group in Groups)
            WriteGroup(output, group.Title, group.Options.Select(option => (Label(option), option.Description)));
        if (Closing.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(Closing);
        }
    }

    private static string Label(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2 && alias[0] == '-' && char.IsAsciiLetter(alias[1])).Append(option.Name));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static void WriteGroup(TextWriter output, string title, IEnumerable<(string Label, string? Text)> rows)
    {
        bool first = true;
        foreach (var (label, text) in rows)
        {
            if (first)
                output.WriteLine($"{Environment.NewLine}{title}:");
            first = false;
            string line = $"  {label}".PadRight(Column);
            // A long label has the line to itself.
            if (line.Length > Column)
            {
                output.WriteLine(line);
                line = new string(' ', Column);
            }

            foreach (string word in (text ?? "").Split(' '))
            {
                if (line.Length + word.Length > Widest)
                {
                    output.WriteLine(line.TrimEnd());
                    line = new string(' ', Column);
                }

                line += word + " ";
            }

            output.WriteLine(line.TrimEnd());
        }
    }
}
