using System.Globalization;
using System.Text.RegularExpressions;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.Tests;

/// <summary>The folder that is put under Paint.NET's Effects.</summary>
[TestClass]
public sealed partial class PackagingTests
{
    [TestMethod]
    public void It_holds_what_the_effect_needs_and_nothing_of_the_editor_or_of_torch()
    {
        string[] files =
        [
            .. Directory
                .GetFiles(Built.EffectFolder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Built.EffectFolder, file)),
        ];
        foreach (
            string needed in (string[])
                [
                    "Hypir.Core.dll",
                    "Hypir.PdnEffect.dll",
                    "Hypir.PdnEffect.deps.json",
                    "Hypir.PdnEffect.ViewModel.dll",
                    "Hypir.Protocol.dll",
                    "StreamJsonRpc.dll",
                    .. ViewModel.Texts.Words.Languages.Select(HelpPage),
                ]
        )
            CollectionAssert.Contains(files, needed);
        foreach (string file in files)
            AssertClean(file);
    }

    [TestMethod]
    public void Its_list_of_dependencies_names_nothing_of_the_editor_or_of_torch() =>
        AssertClean(File.ReadAllText(Path.Combine(Built.EffectFolder, "Hypir.PdnEffect.deps.json")));

    [TestMethod]
    public void Help_is_there_in_each_language_calls_things_as_the_dialog_does_and_needs_no_network()
    {
        foreach (string language in ViewModel.Texts.Words.Languages)
        {
            string page = File.ReadAllText(Path.Combine(Built.EffectFolder, HelpPage(language)));
            StringAssert.Contains(page, $"<html lang=\"{language}\">");
            var words = ViewModel.Texts.Words.For(new CultureInfo(language));
            string[] called = [.. Enum.GetValues<Phrase>().Select(words.Plain)];
            string[] terms = [.. Term().Matches(page).Select(match => match.Groups[1].Value)];
            Assert.IsGreaterThan(5, terms.Length);
            foreach (string term in terms)
                Assert.IsTrue(
                    called.Any(text => text.StartsWith(term, StringComparison.Ordinal)), $"{language}: nothing is called \"{term}\".");
            foreach (string other in ViewModel.Texts.Words.Languages.Where(other => other != language))
                StringAssert.Contains(page, $"href=\"{HelpPage(other)}\"");
            Assert.DoesNotContain("http", page);
        }
    }

    [GeneratedRegex("<b>(.+?)</b>")]
    private static partial Regex Term();

    private static string HelpPage(string language) => $"hypir-help.{language}.html";

    private static void AssertClean(string text)
    {
        foreach (
            string foreign in (string[])
                ["PaintDotNet", "torch", "SkiaSharp", "NetVips", "System.Windows.Forms", "Hypir.Restoration", "Hypir.Networks"]
        )
            Assert.IsFalse(
                text.Contains(foreign, StringComparison.OrdinalIgnoreCase), $"{foreign} is in {text[..Math.Min(80, text.Length)]}");
    }
}
