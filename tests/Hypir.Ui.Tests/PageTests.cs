using System.Text.RegularExpressions;
using Hypir.Testing;
using Hypir.Ui.Api;

namespace Hypir.Ui.Tests;

/// <summary>The page's own files.</summary>
[TestClass]
public sealed partial class PageTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "src", "Hypir.Ui", "Page");

    [TestMethod]
    public void The_page_is_light_and_complete()
    {
        Assert.IsLessThan(300_000, PageFiles.Weight);
        string html = File.ReadAllText(Path.Combine(Page, "index.html"));
        foreach (Match match in Address().Matches(html))
            Assert.Contains(match.Groups[1].Value["page/".Length..], PageFiles.Names);
    }

    /// <summary>What the content policy would block, and what would be of others.</summary>
    [TestMethod]
    public void Nothing_is_inline_or_from_elsewhere()
    {
        foreach (string file in Directory.GetFiles(Page, "*", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            Assert.IsFalse(Inline().IsMatch(text), file);
            Assert.IsFalse(text.Contains("://", StringComparison.Ordinal), $"{file} names an address.");
            Assert.IsFalse(text.Contains("innerHTML", StringComparison.Ordinal), $"{file} makes elements of text.");
        }
    }

    [TestMethod]
    [DataRow("en")]
    [DataRow("zh-Hans")]
    public void Every_word_of_the_page_is_there(string language)
    {
        IReadOnlyDictionary<string, string> words = PageFiles.WordsOf(language);
        string all = string.Concat(Directory.GetFiles(Page, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".css", StringComparison.Ordinal)).Select(File.ReadAllText));
        string[] used =
            [.. Word().Matches(all).Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value).Distinct()];
        Assert.IsGreaterThan(50, used.Length);
        string[] missing = [.. used.Where(word => !words.ContainsKey(word))];
        Assert.IsEmpty(missing, string.Join(", ", missing));
        Assert.IsFalse(words.Values.Any(text => text.Contains('&', StringComparison.Ordinal)), "Keys of the dialog are marked.");
    }

    [TestMethod]
    public void Both_languages_have_the_same_words_and_places()
    {
        IReadOnlyDictionary<string, string> english = PageFiles.WordsOf("en"), chinese = PageFiles.WordsOf("zh-Hans");
        CollectionAssert.AreEquivalent(english.Keys.ToArray(), chinese.Keys.ToArray());
        // The dialog's Chinese menu has one of its places in the mark for the keyboard, which is gone here.
        foreach ((string name, string text) in english.Where(word => word.Key != "GetModel"))
            CollectionAssert.AreEquivalent(Places(text), Places(chinese[name]), name);
    }

    /// <summary>Words of the dialog that make no sense here are replaced.</summary>
    [TestMethod]
    public void Failures_do_not_speak_of_other_programs()
    {
        IReadOnlyDictionary<string, string> words = PageFiles.WordsOf("en");
        foreach (string code in Enum.GetNames<Protocol.Messages.EngineError>())
        {
            foreach (string name in (string[])[code, $"{code}Action"])
            {
                if (!words.TryGetValue(name, out string? text))
                    continue;
                foreach (string wrong in (string[])["Paint.NET", "effect", "selection", "diagnostics", "dialog", "{0}"])
                    Assert.IsFalse(text.Contains(wrong, StringComparison.Ordinal) && !IsUnused(code), $"{name}: {text}");
            }
        }
    }

    // Codes with causes are of downloads, which the window does not do.
    private static bool IsUnused(string code) => code is "DownloadFailed" or "GpuUnsuitable";

    private static string[] Places(string text) => [.. Placeholder().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Address();

    [GeneratedRegex("""<script(?![^>]* src=)|<style|\sstyle="|\son[a-z]+=|javascript:|\beval\(|new Function""")]
    private static partial Regex Inline();

    [GeneratedRegex("""data-(?:t|label)="(\w+)"|\bt\("(\w+)"|button\("(\w+)"|name: "(\w+)"|(?<!\bkey|\bshown): "([A-Z]\w+)"\W?""")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder();
}
