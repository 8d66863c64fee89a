using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>Answers to questions at a terminal; the end of the input (Ctrl+D) is one.</summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed class QuestionTests
{
    [TestMethod]
    [DataRow("no\n")]
    [DataRow("\n")]
    [DataRow(TerminalProgram.CtrlD)]
    public void A_license_that_is_not_accepted_is_said_and_nothing_is_downloaded(string answer)
    {
        using var folder = new TerminalFolder();
        using var program = new TerminalCall("hypir models pull", "thing --manifest models.yaml --from mine", "")
            .Start(folder, TerminalLook.Usual).Await("Do you accept it? (yes/no)").Type(answer).MustEnd(ExitCode.Usage);
        CollectionAssert.Contains(
            program.Text.Split('\n'), "error: The license was not accepted; nothing was downloaded.", program.Text);
        Assert.IsFalse(File.Exists(folder[".home", "models", "thing", "weights.bin"]));
    }
}
