using System.Text.RegularExpressions;
using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>
/// Every command of both programs at a terminal. It has to do there what it does elsewhere, and leave the terminal in order.
/// </summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed partial class EveryCommandTests
{
    /// <summary>In an order in which each finds what it needs.</summary>
    private static readonly TerminalCall[] Calls =
    [
        new("hypir", "", "hypir COMMAND"),
        new("hypir restore", "a.png -o b.png", "a.png -> b.png (64x64"),
        new("hypir ui", "--no-browser --pipe every-command", "The window is at http://127.0.0.1:")
            { Keys = ("The window is at", TerminalProgram.CtrlC), Code = ExitCode.Cancelled },
        new("hypir models", "", "hypir models COMMAND"),
        new("hypir models list", "", "sd2.1-base"),
        new("hypir models pull", "thing --manifest models.yaml --from mine",
            "thing: 1 file") { Keys = ("Do you accept it? (yes/no)", "yes\n") },
        new("hypir models add", $"{TerminalFolder.Tiny} --name m", "m: a custom diffusion model"),
        new("hypir models verify", "m", "sha256"),
        new("hypir models remove", "m", "stays."),
        new("hypir models license", "thing --manifest models.yaml", "The terms of the test"),
        new("hypir models convert", $"{TerminalFolder.Lora} c.safetensors", "tensors)"),
        new("hypir gpu", "", "hypir gpu COMMAND"),
        new("hypir gpu install", "", "hypir gpu install any") { Code = ExitCode.Usage },
        new("hypir gpu status", "", "installed"),
        new("hypir gpu test", "", "hypir gpu install any") { Code = ExitCode.Usage },
        new("hypir gpu remove", "", "nothing to remove"),
        new("hypir plugin", "", "hypir plugin COMMAND"),
        new("hypir plugin install", "", "Paint.NET runs on Windows") { Code = ExitCode.Usage },
        new("hypir plugin remove", "", "Paint.NET runs on Windows") { Code = ExitCode.Usage },
        new("hypir plugin status", "", "Paint.NET runs on Windows"),
        new("hypir doctor", "", "TorchSharp"),
        new("hypir serve", "", "Engine on pipe") { Keys = ("Engine on pipe", TerminalProgram.CtrlC), Code = ExitCode.Cancelled },
        new("hypir bench", "--size 64 --rounds 1", "fast"),
        new("hypir help", "restore", "hypir restore IMAGE|FOLDER..."),
        new("hypir completions", "bash", "complete -o bashdefault"),
        new("hypir-train", "", "bench-data"),
        new("hypir-train completions", "bash", "complete -o bashdefault"),
        new("hypir-train help", "train", "hypir-train train"),
        new("hypir-train degrade", "photos -o d", "3 of 3 -> d/lq"),
        new("hypir-train init", $"photos -m {TerminalFolder.Tiny} -o t.yaml", "-> t.yaml: 3 images"),
        new("hypir-train train", "train.yaml", "The weights are in"),
        new("hypir-train evaluate", $"-m {TerminalFolder.Nano} --pairs pairs", "Mean of 1 images"),
        new("hypir-train export", "", "difference"),
        new("hypir-train export lora", $"{TerminalFolder.Lora} -o l.pth", "-> l.pth"),
        new("hypir-train export network", $"{TerminalFolder.Faithful} -o n.pth", "-> n.pth"),
        new("hypir-train export merged", $"-m {TerminalFolder.Tiny} --lora {TerminalFolder.Lora} -o merged", "-> merged"),
        new("hypir-train export difference", $"{TerminalFolder.Tiny} merged --rank 1 -o e.pth", "lost at rank 1"),
        new("hypir-train bench-data", "--seconds 0.001 --workers 1 -c small.yaml", "one sample of 40x40"),
    ];

    /// <summary>The terminals: the usual one, a small one without colors, and one that cannot move its cursor.</summary>
    public static IEnumerable<object[]> Looks =>
    [
        [TerminalLook.Usual], [TerminalLook.Small with { Environment = TerminalLook.Colorless.Environment }], [TerminalLook.Dumb],
    ];

    [TestMethod]
    public void Every_command_is_called_here() =>
        CollectionAssert.AreEquivalent(ProgramCommand.All.Select(command => command.Path).ToArray(),
            Calls.Select(call => call.Path).ToArray());

    [TestMethod]
    [DynamicData(nameof(Looks))]
    public void Every_command_works_at_a_terminal(TerminalLook look)
    {
        using var folder = new TerminalFolder();
        foreach (var call in Calls)
        {
            using var program = call.Start(folder, look);
            if (call.Keys is var (shown, keys))
                program.Await(shown).Type(keys);
            program.MustEnd(call.Code);
            string all = $"{call.Path} at {look}:\n{program.Text}\n\n{program.Raw.Replace("\u001B", "^", StringComparison.Ordinal)}";
            Assert.IsTrue(program.See(screen => screen.Joined.Contains(call.Told, StringComparison.Ordinal)),
                $"\"{call.Told}\" is not shown by {all}");
            if (program.IsUndisturbed)
                Assert.IsFalse(program.See(screen => screen.Rows.Any(TerminalProgram.HasBar)), $"A bar stays behind: {all}");
            if (look.Environment.ContainsKey("NO_COLOR"))
                Assert.IsFalse(Style().IsMatch(program.Raw), $"There are styles: {all}");
            if (look.Term == "dumb")
                Assert.IsFalse(program.Raw.Contains('\u001B', StringComparison.Ordinal), $"There are control sequences: {all}");
        }
    }

    [GeneratedRegex(@"\u001B\[[0-9;:]*m")]
    private static partial Regex Style();
}
