using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hypir.CommandLine;

/// <summary>Explains words of a command line that are no command, option, or argument, with the one that may have been meant.</summary>
internal static class UnknownWords
{
    /// <summary>The problems, as sentences.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="arguments">The same, as typed.</param>
    public static IEnumerable<string> In(ParseResult line, IReadOnlyList<string> arguments)
    {
        var command = line.CommandResult.Command;
        var options = OptionsOf(line.CommandResult).ToArray();
        string[] names =
            [.. options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", Ordinal))];
        // What follows "--" is a file, whatever it looks like.
        HashSet<string> typed = [.. arguments.TakeWhile(argument => argument != "--")];
        foreach (string word in typed.Where(word => IsLongWithOneDash(word) && names.Contains("-" + word, StringComparer.Ordinal)))
            yield return $"Unknown option {word}. Did you mean -{word}?";
        var words = line.UnmatchedTokens.Concat(line.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Tokens.Select(token => token.Value)));
        bool isOption = false;
        foreach (string word in words.Where(word => word.Length > 1 && word[0] == '-' && typed.Contains(word) && !File.Exists(word)))
        {
            isOption = true;
            yield return $"Unknown option {word}.{Spelling.Question(word, names)}";
        }

        // What follows an unknown option may be its value.
        if (isOption || line.UnmatchedTokens.FirstOrDefault(word => word.Length == 0 || word[0] != '-') is not { } first)
            yield break;
        yield return command.Subcommands.Count > 0
            ? $"There is no command {first}.{Spelling.Question(first, command.Subcommands.Select(sub => sub.Name))}"
            : $"\"{first}\" is one argument too many.";
    }

    /// <summary>Whether a message of the parser is about one of these words.</summary>
    public static bool IsAbout(string message, ParseResult line) =>
        line.UnmatchedTokens.Any(word => message.Contains($"'{word}'", Ordinal));

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static bool IsLongWithOneDash(string word) => word.Length > 2 && word[0] == '-' && char.IsAsciiLetter(word[1]);

    private static IEnumerable<Option> OptionsOf(CommandResult result) =>
        result.Parent is CommandResult parent
            ? result.Command.Options.Concat(OptionsOf(parent).Where(option => option.Recursive))
            : result.Command.Options;
}
