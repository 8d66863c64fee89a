using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>Ctrl+C in the middle of several images says how far the run got and how to continue, and that is true.</summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed class CancelledBatchTests
{
    [TestMethod]
    public void What_was_reached_and_how_to_continue_is_shown()
    {
        using var folder = Folder();
        using (var program = Restore(folder).Await("image 3 of 5").Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled))
        {
            string[] rows = program.Text.Split('\n');
            CollectionAssert.Contains(rows, "Cancelled: 1 restored, 1 kept, 0 failed, 3 of 5 images left.", program.Text);
            CollectionAssert.Contains(
                rows, "Repeat the command with --resume to continue; finished results are kept.", program.Text);
        }

        string page = File.ReadAllText(folder["report.html"]);
        StringAssert.Contains(page, "<h2>3 images were not restored</h2>\n<ul><li>2.png</li><li>3.png</li><li>4.png</li></ul>");
        StringAssert.Contains(page, "Cancelled: 1 restored, 1 kept, 0 failed, 3 of 5 images left. Repeat the command with --resume");
        folder.MakeImage("in/2.png", 64, 64);
        using var again = Restore(folder, "--resume").MustEnd(ExitCode.Success);
        StringAssert.Contains(again.Text, "3 restored, 2 kept, 0 failed");
        Assert.IsFalse(File.ReadAllText(folder["report.html"]).Contains("not restored", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("--resume", "Repeat the command to continue; finished results are kept.")]
    [DataRow("--overwrite", "Repeating the command starts over.")]
    [DataRow("--on-exists number", "Repeating the command restores all of them again, under new numbers.")]
    public void The_advice_fits_the_options(string options, string advice)
    {
        using var folder = Folder();
        using var program = Restore(folder, options).Await("image 3 of 5").Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        StringAssert.Contains(program.Text, advice);
        StringAssert.Contains(program.Text, "3 of 5 images left.");
    }

    [TestMethod]
    public void A_single_image_is_simply_cancelled()
    {
        using var folder = Folder();
        using var program = new TerminalCall("hypir restore", $"in/2.png -o b.png -m {TerminalFolder.Nano}", "")
            .Start(folder, TerminalLook.Usual).AwaitBar().Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        Assert.AreEqual("Cancelled.", program.Text.Split('\n')[^1].Trim(), program.Text);
    }

    private static TerminalProgram Restore(TerminalFolder folder, string options = "") =>
        new TerminalCall("hypir restore", $"in -o out -m {TerminalFolder.Nano} --report report.html {options}", "")
            .Start(folder, TerminalLook.Usual);

    /// <summary>Five images: the first has a result, and the third takes minutes.</summary>
    private static TerminalFolder Folder()
    {
        var folder = new TerminalFolder();
        for (int i = 0; i < 5; i++)
            folder.MakeImage($"in/{i}.png", i == 2 ? 3000 : 64, i == 2 ? 2500 : 64);
        folder.MakeImage("out/0.png", 64, 64);
        return folder;
    }
}
