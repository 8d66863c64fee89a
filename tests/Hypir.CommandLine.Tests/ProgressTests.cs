using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>Long work at a terminal: its bar, other sizes of the window, Ctrl+C at any time.</summary>
[TestClass]
[TestCategory("Slow")]
[OSCondition(OperatingSystems.Linux)]
public sealed class ProgressTests
{
    private const string Name = "photograph-of-the-whole-family-in-the-old-garden-behind-the-house-1954-scan-7.png";

    /// <summary>Work that would take minutes, and what its bar says.</summary>
    private static readonly Dictionary<string, TerminalCall> Long = new()
    {
        ["restore"] = new("hypir restore", $"{Name} -o b.png -m {TerminalFolder.Nano} --upscale 30", "photogra"),
        ["degrade"] = new("hypir-train degrade", $"{Name} -o d --count 20000 --contact-sheet 0", "photogra"),
        ["train"] = new("hypir-train train", "long.yaml", " of 1000000"),
        ["evaluate"] = new("hypir-train evaluate", $"-m {TerminalFolder.Nano} --pairs large", "measuring"),
    };

    public static IEnumerable<object[]> Names => Long.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_bar_fits_the_window_whatever_its_size_and_gives_way_to_Ctrl_C(string name)
    {
        using var folder = Folder();
        using var program = Long[name].Start(folder, TerminalLook.Usual);
        program.Await(screen => screen.Rows.Any(row => TerminalProgram.HasBar(row)
            && row.Contains(Long[name].Told, StringComparison.Ordinal)), "The bar and what is worked on");
        if (program.IsUndisturbed)
            program.See(screen => Fits(screen, 80));
        program.Resize(40, 10).Await(screen => screen.Rows.Count(TerminalProgram.HasBar) == 1
            && screen.Rows.Single(TerminalProgram.HasBar).Length is > 20 and < 40, "The bar in a narrow window");
        program.Resize(120, 30).Await(screen => screen.Rows.Any(row => TerminalProgram.HasBar(row)
            && row.Count(letter => letter is '█' or '░') > 25), "The bar in a wide window");
        program.Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        Assert.IsFalse(program.IsUndisturbed && program.See(screen => screen.Rows.Any(TerminalProgram.HasBar)), program.Text);
        StringAssert.Matches(program.Text, new("Cancelled|Stopped and saved"));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_small_window_shows_the_bar_too(string name)
    {
        using var folder = Folder();
        using var program = Long[name].Start(folder, TerminalLook.Small with { Environment = TerminalLook.Colorless.Environment });
        if (program.AwaitBar().IsUndisturbed)
            program.See(screen => Fits(screen, 40));
        program.Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        Assert.IsFalse(program.Raw.Contains("\u001B[2m", StringComparison.Ordinal)
            || program.Raw.Contains("\u001B[3", StringComparison.Ordinal), "NO_COLOR is not heeded.");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_terminal_that_cannot_move_its_cursor_gets_lines(string name)
    {
        using var folder = Folder();
        using var program = Long[name].Start(folder, TerminalLook.Dumb);
        if (name is "restore" or "train")
            program.Await(name == "restore" ? "%" : "1 of 1000000");
        else
            program.Await("$");
        program.Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        Assert.IsFalse(program.Raw.Contains('\u001B', StringComparison.Ordinal), program.Raw);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Ctrl_C_at_the_start_ends_it(string name)
    {
        using var folder = Folder();
        using var program = Long[name].Start(folder, TerminalLook.Usual);
        program.Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
    }

    [TestMethod]
    [DataRow("hypir restore", "a.png -o b.png", "a.png -> b.png")]
    [DataRow("hypir-train degrade", "photos -o d", "3 of 3 -> ")]
    [DataRow("hypir-train train", "train.yaml", "The weights are in")]
    public void Ctrl_C_at_the_end_changes_nothing_of_the_result(string path, string arguments, string told)
    {
        using var folder = Folder();
        using var program = new TerminalCall(path, arguments, told).Start(folder, TerminalLook.Usual);
        program.Await(told).Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Success, ExitCode.Cancelled);
        Assert.IsTrue(path != "hypir restore" || File.Exists(folder["b.png"]));
    }

    private static TerminalFolder Folder()
    {
        var folder = new TerminalFolder();
        folder.MakeImage(Name, 64, 64);
        folder.MakeImage("large/lq/0.png", 2000, 2000);
        File.Copy(folder["large", "lq", "0.png"], Directory.CreateDirectory(folder["large", "hq"]).FullName + "/0.png");
        folder.WriteTraining("long.yaml", 1_000_000);
        return folder;
    }

    private static bool Fits(Screen screen, int columns)
    {
        string row = screen.Rows.Single(TerminalProgram.HasBar);
        Assert.IsLessThan(columns, row.Length, row);
        // Neither the bar nor a name goes on in another row.
        Assert.AreEqual("", screen.Rows[screen.Rows.ToList().IndexOf(row) + 1], screen.Text);
        return true;
    }
}
