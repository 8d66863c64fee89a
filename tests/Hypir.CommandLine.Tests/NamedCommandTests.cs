using System.Text.RegularExpressions;
using Hypir.Testing;

namespace Hypir.CommandLine.Tests;

/// <summary>What messages, helps and documents tell people to type can be typed.</summary>
[TestClass]
public sealed partial class NamedCommandTests
{
    [TestMethod]
    public void Every_command_that_is_named_exists()
    {
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.txt", SearchOption.AllDirectories)
                .Where(file => file.Contains("Texts", StringComparison.Ordinal)),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "models"), "*.md", SearchOption.AllDirectories),
            .. Directory.GetFiles(Repository.Root, "*.md").Where(file => !file.EndsWith("CHANGELOG.md", StringComparison.Ordinal)),
        ];
        List<string> unknown = [], known = [];
        foreach (string file in files)
        {
            foreach (Match named in Named().Matches(File.ReadAllText(file)))
            {
                string? wrong = Wrong(named.Groups["program"].Value,
                    named.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                known.Add(named.Value);
                if (wrong is not null)
                    unknown.Add($"{Path.GetRelativePath(Repository.Root, file)}: {named.Value}: there is no {wrong}");
            }
        }
        Assert.IsEmpty(unknown, string.Join('\n', unknown));
        Assert.IsGreaterThan(100, known.Count, "The search finds what is there.");
    }

    [TestMethod]
    [DataRow("hypir", "models info NAME", "models info")]
    [DataRow("hypir", "modles list", "modles")]
    [DataRow("hypir", "restore photo.jpg --colour", "--colour")]
    [DataRow("hypir-train", "train file.yaml --dry-run", null)]
    [DataRow("hypir", "models pull hypir --accept-license", null)]
    public void What_does_not_exist_is_found(string program, string words, string? wrong) =>
        Assert.AreEqual(wrong, Wrong(program, words.Split(' ')));

    /// <summary>The first part of a call that the program does not know, or null.</summary>
    private static string? Wrong(string program, string[] words)
    {
        var command = ProgramCommand.All.First(command => command.Path == program);
        foreach (string word in words)
        {
            if (word.StartsWith('-'))
            {
                string name = word.Split('=')[0].TrimEnd('.', ',', ';', ':');
                string[] names = [.. ProgramCommand.All.Where(one => command.Path == one.Path || one.Path == program)
                    .SelectMany(one => one.Command.Options).SelectMany(option => option.Aliases.Append(option.Name))];
                if (!names.Contains(name))
                    return name;
            }
            else if (!command.Acts && Lower().IsMatch(word))
            {
                var next = ProgramCommand.All.FirstOrDefault(one => one.Path == $"{command.Path} {word}");
                if (next is null)
                    return $"{command.Path} {word}".Split(' ', 2)[1];
                command = next;
            }
            else if (!command.Acts)
            {
                // A place-holder such as COMMAND.
                break;
            }
        }
        return null;
    }

    /// <summary>
    /// A program's name and what follows it, in code: between backquotes or quotation marks, in an indented line, or in XML's &lt;c&gt;.
    /// </summary>
    [GeneratedRegex(@"(?<=`|""|<c>|^ {2,12}|^\$ )(?<program>hypir-train|hypir)(?<words>( [^\s`<|()""']+)+)(?=[`<\s|(""'])",
        RegexOptions.Multiline)]
    private static partial Regex Named();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Lower();
}
