using Hypir.Testing;

namespace Hypir.TrainTool.Tests;

/// <summary>A trainer whose libtorch is missing says so in one sentence, whatever it is asked to do.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class BrokenTorchTests
{
    [TestMethod]
    public void What_is_wrong_with_libtorch_is_told_in_one_sentence()
    {
        using var folder = new TemporaryFolder();
        using var program = new ProgramCopy();
        program.Replace("libtorch_cpu.so", null);
        var damaged = new BuiltProgram(program["hypir-train"]);
        foreach (string[] command in (string[][])[["degrade", "pictures", "-o", "damaged"], ["train", "run.yaml"]])
        {
            ProgramRun run = damaged.Run(folder.Path, command).MustEnd(ExitCode.BadFile);
            StringAssert.StartsWith(run.Error, "error: libtorch does not load: libtorch_cpu.so is missing from ");
            StringAssert.Contains(run.Error, "Install Hypir again");
            Assert.AreEqual("", run.Output);
        }

        damaged.Run(folder.Path, "--help").MustEnd(ExitCode.Success);
    }
}
