using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>A run whose images have changed since its checkpoint asks at a terminal, and does what the person answers.</summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed class ResumeQuestionTests
{
    private const string Question = "Continue with these changes? (yes/no)";

    [TestMethod]
    [DataRow("yes\n")]
    [DataRow("Y\n")]
    public void Yes_continues_the_run(string answer)
    {
        using var folder = Trained();
        using var program = Train(folder);
        program.Await("pictures: 2 ").Await(Question).Type(answer).MustEnd(ExitCode.Success);
        string shown = program.See(screen => screen.Joined);
        StringAssert.Contains(shown, "resumes from ");
        Assert.IsTrue(Directory.Exists(folder["run", "checkpoint-3"]), program.Text);
        // What the new checkpoint was trained with is not asked about again.
        folder.WriteTraining("train.yaml", 4);
        using var again = Train(folder).MustEnd(ExitCode.Success);
        Assert.IsFalse(again.See(screen => screen.Joined).Contains("(yes/no)", StringComparison.Ordinal), again.Text);
    }

    [TestMethod]
    [DataRow("no\n", ExitCode.Usage)]
    [DataRow("yesterday\n", ExitCode.Usage)]
    [DataRow("\n", ExitCode.Usage)]
    [DataRow(TerminalProgram.CtrlD, ExitCode.Usage)]
    [DataRow(TerminalProgram.CtrlC, ExitCode.Cancelled)]
    public void Any_other_answer_changes_nothing(string answer, object code)
    {
        using var folder = Trained();
        var before = Contents(folder["run"]);
        using var program = Train(folder);
        program.Await("pictures: 2 ").Await(Question).Type(answer).MustEnd((ExitCode)code);
        if ((ExitCode)code == ExitCode.Usage)
            CollectionAssert.Contains(
                program.Text.Split('\n'), "error: The changes were not confirmed; nothing was done.", program.Text);
        CollectionAssert.AreEquivalent(before, Contents(folder["run"]), program.Text);
    }

    private static TerminalProgram Train(TerminalFolder folder) =>
        new TerminalCall("hypir-train train", "train.yaml", "").Start(folder, TerminalLook.Usual);

    /// <summary>A folder with a run of two steps, whose list of images has one more since then.</summary>
    private static TerminalFolder Trained()
    {
        var folder = new TerminalFolder();
        File.Move(folder["photos", "2.png"], folder["2.png"]);
        Train(folder).MustEnd(ExitCode.Success).Dispose();
        File.Move(folder["2.png"], folder["photos", "2.png"]);
        folder.WriteTraining("train.yaml", 3);
        return folder;
    }

    /// <summary>Each file of a run with its content. The lock's file stays where Ctrl+C ends the program; the lock does not.</summary>
    private static string[] Contents(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "run.lock")
            .Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}"),
    ];
}
