using Hypir.Engine.Restoring;
using Hypir.Planning;

namespace Hypir.Engine.Tests;

/// <summary>Which images are found, and what their results are called.</summary>
[TestClass]
public sealed class ResultNameTests : EngineTest
{
    [TestInitialize]
    public void MakeFiles()
    {
        foreach (string name in (string[])["a.jpg", "a.png", "b.gif", "c.tif", "f1/a.png", "f1/b.jpg", "f2/a.png", "f2/sub/a.jpeg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
            File.WriteAllText(In(name), "");
        }
    }

    [TestMethod]
    [DataRow("c.tif", "c.restored.png")]
    [DataRow("a.jpg a.png", "a.jpg.restored.png a.png.restored.png")]
    [DataRow("a.png a.png f1/../a.png", "a.restored.png")]
    [DataRow("f1 f1/a.png", "f1/a.restored.png f1/b.restored.png")]
    [DataRow("f1 f2 -r -o out", "out/f1/a.png out/f1/b.jpg out/f2/a.png out/f2/sub/a.jpeg")]
    [DataRow("f2 -r -o out", "out/a.png out/sub/a.jpeg")]
    [DataRow("f1 f1 -o out", "out/a.png out/b.jpg")]
    [DataRow("a.jpg b.gif -o out/", "out/a.jpg out/b.gif.png")]
    [DataRow("a.jpg a.png b.gif -o out/ --format webp", "out/a.jpg.webp out/a.png.webp out/b.webp")]
    [DataRow("f2 -r -o out --format jpg", "out/a.jpg out/sub/a.jpeg")]
    [DataRow("c.tif --format tif", "c.restored.tif")]
    [DataRow("c.tif --suffix _fixed --format jpg", "c_fixed.jpg")]
    [DataRow("c.tif b.gif -o out/ --suffix _fixed", "out/b_fixed.png out/c_fixed.tif")]
    public void Results_are_named(string line, string results) => AssertResults(line, results);

    [TestMethod]
    public void Results_of_earlier_runs_are_no_images_unless_they_are_named_alone()
    {
        foreach (string name in (string[])["f1/a.restored.jpg", "f1/b.png.restored.png", "c.restored.png", "f1/c_fixed.png"])
            File.WriteAllText(In(name), "");
        AssertResults("f1 --suffix _fixed", "f1/a_fixed.png f1/b_fixed.png");
        AssertResults("c.tif c.restored.png", "c.restored.png");
        AssertResults("c.restored.png", "c.restored.restored.png");
    }

    [TestMethod]
    public void A_number_is_given_to_results_that_exist()
    {
        File.WriteAllText(In("c.restored.png"), "");
        AssertResults("c.tif --on-exists number", "c.restored-2.png");
        File.WriteAllText(In("c.restored-2.png"), "");
        AssertResults("c.tif --on-exists number", "c.restored-3.png");
        AssertResults("c.tif", "c.restored.png");
        AssertResults("a.png -o c.tif --on-exists number", "c-2.tif");
    }

    [TestMethod]
    public void A_format_that_does_not_fit_the_file_is_refused()
    {
        var failure = Assert.ThrowsExactly<UsageException>(() => ImageFinder.Find(Job("a.png -o x.jpg --format png"), []));
        StringAssert.Contains(failure.Message, "--format png does not fit");
        Assert.HasCount(1, ImageFinder.Find(Job("a.png -o x.jpeg --format jpg"), []).Images);
    }

    /// <summary>In one process: results that are kept, and the options that only print.</summary>
    [TestMethod]
    public void What_is_kept_from_other_settings_is_told()
    {
        MakeImage("in/a.png", 40, 30);
        Assert.AreEqual("", Hypir("in/a.png", "--width", "20", "--strength", "0", "--quiet").MustEnd(ExitCode.Success).Output);
        string told = Hypir("in/a.png", "--height", "30", "--strength", "0").MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(told, "It was made with other settings: it has 20x15 pixels, and these settings give 40x30.");
        told = Hypir("in/a.png", "--height", "15", "--strength", "0", "--threads", "1").MustEnd(ExitCode.Success).Output;
        Assert.IsFalse(told.Contains("other settings", StringComparison.Ordinal), told);
    }

    private void AssertResults(string line, string results)
    {
        string[] found = [.. ImageFinder.Find(Job(line), []).Images
            .Select(image => Path.GetRelativePath(Folder, Path.GetFullPath(image.Output)).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
        Assert.AreEqual(results, string.Join(' ', found), line);
    }

    private RestoreCommandOptions Job(string line)
    {
        string[] words = line.Split(' ');
        string? After(string option) => Array.IndexOf(words, option) is var i and >= 0 ? words[i + 1] : null;
        return new()
        {
            Inputs = [.. words.TakeWhile(word => word[0] != '-').Select(In)],
            Output = After("-o") is { } output ? In(output) : null,
            Recursive = words.Contains("-r"),
            Format = After("--format") is { } format ? "." + format : null,
            Suffix = After("--suffix"),
            Existing = After("--on-exists") == "number" ? ExistingResults.Number : ExistingResults.Skip,
            Model = "",
            Options = new RestoreOptions(),
        };
    }
}
