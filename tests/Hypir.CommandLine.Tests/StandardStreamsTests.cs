using System.Diagnostics;
using Hypir.Testing;

namespace Hypir.CommandLine.Tests;

/// <summary>Standard streams that lead to a full disk, or nowhere.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class StandardStreamsTests
{
    [TestMethod]
    [DataRow("hypir", "restore a.png -o b.png >/dev/full", ExitCode.CannotWrite)]
    [DataRow("hypir", "restore a.png -o b.png --json >/dev/full", ExitCode.CannotWrite)]
    [DataRow("hypir", "models list >/dev/full", ExitCode.CannotWrite)]
    [DataRow("hypir", "--help >/dev/full", ExitCode.CannotWrite)]
    [DataRow("hypir", "restore nothing.png 2>/dev/full", ExitCode.BadFile)]
    [DataRow("hypir-train", "degrade photos -o d >/dev/full", ExitCode.CannotWrite)]
    [DataRow("hypir-train", "degrade nothing -o d 2>/dev/full", ExitCode.BadFile)]
    [DataRow("hypir-train", "bench-data --seconds 0.001 -c small.yaml >/dev/full", ExitCode.CannotWrite)]
    public void A_full_disk_behind_a_stream_is_no_fault_of_the_program(string name, string call, ExitCode code)
    {
        using var folder = new TerminalFolder();
        var program = name == "hypir" ? BuiltProgram.Engine : BuiltProgram.Trainer;
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"\"$0\" {call}", program.Path])
        {
            WorkingDirectory = folder.Path,
            Environment = { ["HYPIR_HOME"] = folder[BuiltProgram.Home] },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var run = BuiltProgram.Finish(process).MustEnd(code);
        if (code == ExitCode.CannotWrite)
            StringAssert.Contains(run.Error, "standard output");
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
        Assert.IsTrue(!call.StartsWith("restore a.png", StringComparison.Ordinal) || File.Exists(folder["b.png"])
            || call.Contains("--json", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("hypir", "models convert LORA nowhere/x.safetensors")]
    [DataRow("hypir", "doctor --zip nowhere/x.zip")]
    [DataRow("hypir-train", "init photos -o nowhere/x.yaml")]
    [DataRow("hypir-train", "export lora LORA -o nowhere/x.pth")]
    [DataRow("hypir-train", "export difference TINY TINY --rank 1 -o nowhere/x.pth")]
    [DataRow("hypir-train", "evaluate -m NANO --pairs pairs -o a.png/x")]
    public void A_place_that_cannot_be_written_is_named(string name, string call)
    {
        using var folder = new TerminalFolder();
        string[] arguments = [.. call.Split(' ').Select(word => word switch
        {
            "LORA" => TerminalFolder.Lora,
            "TINY" => TerminalFolder.Tiny,
            "NANO" => TerminalFolder.Nano,
            _ => word,
        })];
        var run = (name == "hypir" ? BuiltProgram.Engine : BuiltProgram.Trainer).Run(folder.Path, arguments).MustEnd(ExitCode.CannotWrite);
        StringAssert.Contains(run.Error, arguments[^1]);
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
    }
}
