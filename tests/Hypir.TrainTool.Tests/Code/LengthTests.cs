using System.Text.RegularExpressions;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>The limits on lines and files that CONTRIBUTING.md states.</summary>
[TestClass]
public sealed partial class LengthTests
{
    private const int LongestLine = 140, LongestFile = 400;

    /// <summary>Folders of build outputs, tools and version control.</summary>
    private static readonly string[] Untracked = [".git", ".idea", ".vs", "artifacts", "bin", "node_modules", "obj", "TestResults"];

    [TestMethod]
    public void Lines_of_code_fit()
    {
        string[] files = [.. Files(Repository.Root, "*.cs")];
        Assert.IsGreaterThan(500, files.Length, "The search finds what is there.");
        AssertNone(files.SelectMany(file => TooLong(file, File.ReadAllLines(file).Select((line, i) => (i + 1, line)))));
    }

    [TestMethod]
    public void Files_of_code_fit() =>
        AssertNone(Files(Repository.Root, "*.cs")
            .Select(file => (Name: NameOf(file), Lines: File.ReadAllLines(file).Length))
            .Where(file => file.Lines > LongestFile).Select(file => $"{file.Name}: {file.Lines} lines"));

    [TestMethod]
    public void Lines_of_documents_fit()
    {
        string[] files = [.. Files(Repository.Root, "*.md")];
        Assert.IsGreaterThan(30, files.Length, "The search finds what is there.");
        AssertNone(files.SelectMany(file => TooLong(file, Prose(File.ReadAllLines(file)))));
    }

    [TestMethod]
    public void Code_tables_and_single_links_are_not_prose()
    {
        string link = $"https://example.org/{new string('a', LongestLine)}";
        string[] document =
        [
            "text", "```", "code", "  ~~~", "more code", "```", "  ~~~sh", "code", "  ~~~", "| a | table |", link, $"- [a name]({link})",
            $"[a name]: {link}", $"See {link}",
        ];
        CollectionAssert.AreEqual(new[] { (1, "text"), (14, $"See {link}") }, Prose(document).ToArray());
    }

    /// <summary>Lines outside code, tables and links, which cannot be wrapped, with their numbers.</summary>
    private static IEnumerable<(int Number, string Line)> Prose(string[] lines)
    {
        string? fence = null;
        for (int i = 0; i < lines.Length; i++)
        {
            string start = lines[i].TrimStart();
            string? mark = new[] { "```", "~~~" }.FirstOrDefault(mark => start.StartsWith(mark, StringComparison.Ordinal));
            if (mark is not null && (fence is null || fence == mark))
                fence = fence is null ? mark : null;
            else if (fence is null && !start.StartsWith('|') && !OneLink().IsMatch(lines[i]))
                yield return (i + 1, lines[i]);
        }
    }

    private static IEnumerable<string> TooLong(string file, IEnumerable<(int Number, string Line)> lines) =>
        from line in lines
        let length = line.Line.EnumerateRunes().Count()
        where length > LongestLine
        select $"{NameOf(file)}:{line.Number}: {length} characters";

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern).Concat(
            Directory.GetDirectories(folder).Where(inner => !Untracked.Contains(Path.GetFileName(inner)))
                .SelectMany(inner => Files(inner, pattern)));

    private static string NameOf(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems];
        Assert.IsEmpty(all, string.Join('\n', all));
    }

    [GeneratedRegex(@"^\s*([-*] )?(\[[^\]]*\](: \S+|\(\S+\))|<?https?://\S+)\s*$")]
    private static partial Regex OneLink();
}
