using System.Text.RegularExpressions;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>
/// tests/skips.txt lists the tests that may be skipped. <c>.ci/run</c> compares it with the tests that were skipped; this class compares it
/// with the source, so that tests that are skipped only on other machines are listed too.
/// </summary>
[TestClass]
public sealed partial class SkipListTests
{
    private static readonly string Tests = Path.Combine(Repository.Root, "tests");

    private static readonly string[] Sources = [.. Directory.GetFiles(Tests, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && Path.GetFileName(file) != "SkipListTests.cs").Select(File.ReadAllText)];

    private static readonly string[][] Entries = [.. File.ReadAllLines(Path.Combine(Tests, "skips.txt"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" | ", 2))];

    [TestMethod]
    public void Every_message_of_a_skipped_test_is_on_the_list()
    {
        string[] messages = [.. Sources.SelectMany(source => Inconclusive().Matches(source))
            .Select(call => call.Groups["message"].Value)];
        Assert.IsGreaterThan(20, messages.Length, "The search finds what is there.");
        string[] missing = [.. messages
            .Where(message => !Entries.Any(entry => entry[1].Contains(Fixed(message), StringComparison.Ordinal)))];
        Assert.IsEmpty(missing, "Not in tests/skips.txt:\n" + string.Join('\n', missing));
    }

    [TestMethod]
    public void Every_entry_has_a_test_and_a_message()
    {
        string[] stale = [.. Entries.Where(entry => entry.Length != 2 || entry[1].Trim().Length < 10 || !Exists(entry[0]))
            .Select(entry => entry[0])];
        Assert.IsEmpty(stale, "No such test: " + string.Join('\n', stale));
    }

    private static bool Exists(string test)
    {
        if (test == "*")
            return true;
        string[] names = test.Split(' ')[0].Split('.');
        bool isClass = names[^1].EndsWith("Tests", StringComparison.Ordinal);
        string type = names[isClass ? ^1 : ^2], space = string.Join('.', names[..(isClass ? ^1 : ^2)]);
        return Sources.Any(source => source.Contains($"namespace {space};", StringComparison.Ordinal)
            && Regex.IsMatch(source, $@"\bclass {type}\b") && (isClass || Regex.IsMatch(source, $@"\b{names[^1]}\(")));
    }

    /// <summary>The longest part of an interpolated string without a value in it.</summary>
    private static string Fixed(string message) => Hole().Split(message).MaxBy(part => part.Length)!.Trim();

    [GeneratedRegex("""Assert\.Inconclusive\(\$?"(?<message>[^"]+)"\)""")]
    private static partial Regex Inconclusive();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
