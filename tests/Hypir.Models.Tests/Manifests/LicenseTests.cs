using System.Text.RegularExpressions;
using Hypir.Models.Manifests;
using Hypir.Testing;

namespace Hypir.Models.Tests.Manifests;

/// <summary>Terms are said in the words of those who set them, the same everywhere.</summary>
[TestClass]
public sealed partial class LicenseTests
{
    [TestMethod]
    [DataRow("faithful")]
    [DataRow("vivid")]
    public void The_terms_of_a_model_that_ships_are_those_of_its_own_file(string name)
    {
        using var folder = new TemporaryFolder();
        string file = File.ReadAllText(Path.Combine(Repository.Root, "models", name, "LICENSE")).Trim();
        var entry = Manifest.BuiltIn().Find(name)!;
        Assert.AreEqual(file, entry.Licence!.Quote);
        string told = BuiltProgram.Engine.Run(folder.Path, "models", "licence", name).MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(told, file);
        StringAssert.Contains(BuiltProgram.Engine.Run(folder.Path, "models", "list").MustEnd(ExitCode.Success).Output, entry.Licence.Name);
        var row = BuiltProgram
            .Engine.Run(folder.Path, "models", "list", "--json")
            .MustEnd(ExitCode.Success)
            .Events.First(line => line.GetProperty("name").GetString() == name);
        Assert.AreEqual(entry.Licence.Name, row.GetProperty("licence").GetString());
        Assert.IsTrue(File.Exists(Path.Combine(AppContext.BaseDirectory, "models", name, "LICENSE")), "The file ships with the model.");
    }

    [TestMethod]
    public void Every_entry_has_terms_and_those_of_HYPIR_are_its_own_words()
    {
        var manifest = Manifest.BuiltIn();
        foreach (var entry in manifest.Entries)
            Assert.IsNotNull(entry.Licence, entry.Name);
        StringAssert.Contains(
            manifest.Find("hypir")!.Licence!.Text,
            "made available for use, reproduction, and distribution strictly for non-commercial purposes");
    }

    [TestMethod]
    public void The_readme_quotes_the_terms()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        foreach (var (start, name) in new[]
        {
            ("| faithful", "faithful"), ("| vivid", "vivid"), ("| Stable Diffusion", "sd2.1-base"), ("| HYPIR", "hypir"),
        })
        {
            string row = lines.Single(line => line.StartsWith(start, StringComparison.Ordinal));
            string quote = Quoted().Match(row.Split('|')[^2]).Groups[1].Value.TrimEnd('…', ' ');
            Assert.AreNotEqual("", quote, row);
            StringAssert.Contains(Words(Manifest.BuiltIn().Find(name)!.Licence!.Quote), Words(quote));
        }
    }

    private static string Words(string text) => Spaces().Replace(text, " ");

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
