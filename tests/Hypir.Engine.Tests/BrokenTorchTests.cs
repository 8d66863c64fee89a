using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>A program whose libtorch is missing or damaged says so in one sentence, and the doctor survives it.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class BrokenTorchTests : EngineTest
{
    [TestMethod]
    [DataRow("libtorch_cpu.so", "missing", "libtorch_cpu.so is missing from")]
    [DataRow("libtorch_cpu.so", "cut", "libtorch_cpu.so is damaged or incomplete")]
    [DataRow("libtorch.so", "empty", "libtorch.so is damaged or incomplete")]
    [DataRow("libtorch_cpu.so", "text", "libtorch_cpu.so")]
    public void What_is_wrong_with_libtorch_is_told_in_one_sentence(string library, string fault, string told)
    {
        MakeImage("a.png", 40, 32);
        using var program = new ProgramCopy();
        program.Replace(library, fault switch
        {
            "missing" => null,
            "cut" => program.Head(library, 100_000),
            "empty" => [],
            _ => new byte[200],
        });
        var damaged = new BuiltProgram(program["hypir"]);

        ProgramRun doctor = damaged.Run(Folder, "doctor").MustEnd(ExitCode.Success);
        StringAssert.Contains(doctor.Output, "libtorch does not load: ");
        StringAssert.Contains(doctor.Output, told);
        StringAssert.Contains(doctor.Output, "Install Hypir again");
        foreach (string part in (string[])["TorchSharp 0.", "cores", "Models", "Last errors"])
            StringAssert.Contains(doctor.Output, part);
        StringAssert.Contains(damaged.Run(Folder, "--version").MustEnd(ExitCode.BadFile).Output, told);

        foreach (string[] command in (string[][])[["restore", "a.png"], ["serve", "--pipe", $"hypir-test-{Guid.NewGuid():N}"[..30]]])
        {
            ProgramRun run = damaged.Run(Folder, command).MustEnd(ExitCode.BadFile);
            StringAssert.StartsWith(run.Error, "error: libtorch does not load: ");
            StringAssert.Contains(run.Error, told);
            Assert.AreEqual(2, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, run.Error);
            Assert.IsFalse(run.Output.Contains("TorchSharp", StringComparison.Ordinal), run.Output);
        }

        Assert.IsFalse(File.Exists(In("a.restored.png")));
    }
}
