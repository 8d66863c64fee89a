namespace Hypir.CommandLine.Tests;

/// <summary>"Did you mean", and what follows from it in both programs.</summary>
[TestClass]
public sealed class SpellingTests
{
    private static readonly string[] Known = ["restore", "models", "doctor", "--overwrite", "--output", "--upscale", "nano", "sd2.1-base"];

    [TestMethod]
    [DataRow("restor", "restore")]
    [DataRow("Restore", "restore")]
    [DataRow("resotre", "restore")]
    [DataRow("-overwrite", "--overwrite")]
    [DataRow("--over", "--overwrite")]
    [DataRow("--upscal", "--upscale")]
    [DataRow("mdels", "models")]
    [DataRow("nan", "nano")]
    [DataRow("sd2.1", "sd2.1-base")]
    [DataRow("photo.jpg", null)]
    [DataRow("x", null)]
    [DataRow("", null)]
    [DataRow("--o", null)]
    public void The_similar_word_is_found(string typed, string? meant) => Assert.AreEqual(meant, Spelling.Closest(typed, Known));

    [TestMethod]
    [DataRow("hypir", "restor a.png", "There is no command restor. Did you mean restore?")]
    [DataRow("hypir", "models lst", "There is no command lst. Did you mean list?")]
    [DataRow("hypir", "help modles", "There is no command modles. Did you mean models?")]
    [DataRow("hypir", "restore a.png -overwrite", "Unknown option -overwrite. Did you mean --overwrite?")]
    [DataRow("hypir", "restore a.png --jsn", "Unknown option --jsn. Did you mean --json?")]
    [DataRow("hypir", "restore a.png --libtorhc own", "Unknown option --libtorhc. Did you mean --libtorch?")]
    [DataRow("hypir", "models pull --frm x", "Unknown option --frm. Did you mean --from?")]
    [DataRow("hypir", "doctor now", "\"now\" is one argument too many.")]
    [DataRow("hypir-train", "trian x.yaml", "There is no command trian. Did you mean train?")]
    [DataRow("hypir-train", "degrade photos -o d --sede 1", "Unknown option --sede. Did you mean --seed?")]
    public void A_mistyped_word_is_named_with_the_one_that_was_meant(string program, string line, string told)
    {
        var root = ProgramCommand.All.First(command => command.Path == program).Command;
        CollectionAssert.AreEqual(new[] { told }, CommandReader.Read(root, line.Split(' ')).Problems.ToArray());
    }

    [TestMethod]
    [DataRow("restore -- -overwrite")]
    [DataRow("restore a.png --prompt -x-")]
    [DataRow("restore a.png -rn")]
    public void What_is_right_is_not_corrected(string line) =>
        Assert.IsEmpty(CommandReader.Read(ProgramCommand.All[0].Command, line.Split(' ')).Problems);

    [TestMethod]
    public void Commands_are_listed_with_one_sentence_each()
    {
        foreach (string program in (string[])["hypir", "hypir-train"])
        {
            var run = ProgramCommand.All.First(command => command.Path == program).Program.Run(".", ["--help"]);
            string[] rows =
                [.. run.Output.Split('\n').SkipWhile(row => row.TrimEnd() != "Commands:").Skip(1).TakeWhile(row => row.Trim().Length > 0)];
            Assert.IsGreaterThan(5, rows.Length);
            Assert.IsLessThan(13, rows.Length, string.Join('\n', rows));
            Assert.IsFalse(rows.Any(row => row.Contains("xit code", StringComparison.Ordinal)), string.Join('\n', rows));
        }
    }
}
