using System.CommandLine;

namespace Hypir.CommandLine;

/// <summary><c>help [COMMAND]</c>: what <c>--help</c> shows, for those who expect a command.</summary>
public static class HelpCommand
{
    /// <summary>Adds the command to a program, and its page to the others.</summary>
    /// <param name="root">The program, with all other commands.</param>
    /// <param name="program">Its name.</param>
    /// <param name="pages">The pages, which may still grow before the command runs.</param>
    public static void AddTo(RootCommand root, string program, ICollection<HelpPage> pages)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(pages);
        var words = new Argument<string[]>("command")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "COMMAND",
            Description = "The command, such as restore.",
        };
        var command = new CheckedCommand("help", "Show the help of a command.") { words };
        command.Rules.Add(line => Find(root, line.GetValue(words) ?? [], out _));
        command.SetAction(line =>
        {
            _ = Find(root, line.GetValue(words) ?? [], out Command found);
            pages.First(page => page.Command == found).Write(Console.Out);
        });
        root.Add(command);
        pages.Add(new(command, $"{program} help [COMMAND]", [], ""));
    }

    private static string[] Find(Command root, IEnumerable<string> words, out Command found)
    {
        found = root;
        foreach (string word in words)
        {
            var under = found.Subcommands;
            if (under.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word)) is not { } next)
                return [$"There is no command {word}.{Spelling.Question(word, under.Select(sub => sub.Name))}"];
            found = next;
        }

        return [];
    }
}
