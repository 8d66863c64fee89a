using Hypir.Testing;
using Hypir.Testing.Terminals;

namespace Hypir.Engine.Tests;

/// <summary>What a terminal shows of lists and names.</summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed class TerminalOutputTests : EngineTest
{
    [TestMethod]
    [DataRow(80)]
    [DataRow(40)]
    public void The_list_of_models_is_broken_between_words(int columns)
    {
        using var program = TerminalProgram.Start(BuiltProgram.Engine, Folder, new(columns, 200), "models", "list")
            .MustEnd(ExitCode.Success);
        string[] rows = program.See(screen => screen.Rows.ToArray());
        Assert.IsTrue(rows.All(row => row.Length < columns), string.Join('\n', rows));
        string words = string.Join(' ', rows.Select(row => row.Trim()));
        string[] phrases = ["noise or compression", "license: CreativeML Open RAIL++-M (Stable Diffusion 2.1)", "To download"];
        foreach (string phrase in phrases)
            StringAssert.Contains(words, phrase);
    }

    [TestMethod]
    public void A_file_name_controls_nothing()
    {
        MakeImage("a.png", 60, 50);
        File.Move(In("a.png"), In("a\u001B[31mred\nline.png"));
        using var program = TerminalProgram.Start(BuiltProgram.Engine, Folder, new(200), "restore", ".", "-o", "out")
            .MustEnd(ExitCode.Success);
        StringAssert.Contains(program.See(screen => screen.Text), "a?[31mred?line.png -> out/a?[31mred?line.png (60x50, ");
        Assert.IsFalse(program.Text.Contains("\u001B[31mred", StringComparison.Ordinal), program.Text);
    }
}
