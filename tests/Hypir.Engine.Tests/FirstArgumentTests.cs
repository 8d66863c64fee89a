using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Images in place of a command, and patterns that no shell expanded.</summary>
[TestClass]
public sealed class FirstArgumentTests : EngineTest
{
    [TestMethod]
    public void Images_in_place_of_a_command_are_restored()
    {
        MakeImage("a.png", 24, 16);
        MakeImage("b.jpg", 24, 16);
        var run = Hypir("a.png", "b.jpg", "--strength", "0").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "2 restored");
        CollectionAssert.AreEqual(new[] { "a.png", "a.restored.png", "b.jpg", "b.restored.png" }, Files());
        StringAssert.Contains(Hypir("c.jpg").MustEnd(ExitCode.BadFile).Error, "c.jpg");
        StringAssert.Contains(Hypir("c").MustEnd(ExitCode.Usage).Error, "There is no command c.");
    }

    /// <summary>A program that is run without a shell gets patterns as they are, as on Windows.</summary>
    [TestMethod]
    public void Patterns_are_expanded()
    {
        foreach (string name in (string[])["in/b.png", "in/a.png", "in/c.jpg", "other/a.png", "[x]*.png"])
            MakeImage(name, 24, 16);
        File.WriteAllText(In("in/.hidden.png"), "");
        var run = Hypir("in/?.png", "-o", "out", "--strength", "0", "--dry-run").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "in/a.png: ");
        StringAssert.Contains(run.Output, "in/b.png: ");
        StringAssert.Contains(run.Output, "2 to restore, 0 to keep, 0 refused: ");
        Assert.IsFalse(run.Output.Contains("c.jpg", StringComparison.Ordinal) || run.Output.Contains("hidden", StringComparison.Ordinal));
        var plans = Hypir("restore", "*/a.png", "--dry-run", "--json").MustEnd(ExitCode.Success);
        StringAssert.EndsWith(plans.Of("plan")[^1].GetProperty("input").GetString(), "other/a.png");
        var totals = plans.Of("totals").Single();
        Assert.AreEqual((2, 2 * 24 * 16 * 3), (totals.GetProperty("restored").GetInt32(), totals.GetProperty("resultBytes").GetInt32()));
        StringAssert.Contains(Hypir("restore", "[x]*.png", "--dry-run").MustEnd(ExitCode.Success).Output, "[x]*.png: ");
        StringAssert.Contains(Hypir("restore", "in/*.tif").MustEnd(ExitCode.Usage).Error, "No file matches in/*.tif.");
    }

    [TestMethod]
    public void A_models_name_is_corrected()
    {
        MakeImage("a.png", 24, 16);
        StringAssert.Contains(Hypir("restore", "a.png", "-m", "faithfull").MustEnd(ExitCode.BadFile).Error, "Did you mean faithful?");
        StringAssert.Contains(Hypir("restore", "a.png", "-m", "vgg16").MustEnd(ExitCode.BadFile).Error, "for training only");
    }

    /// <summary>What is wrong, and nothing about the program's insides.</summary>
    [TestMethod]
    [DataRow("restore missing.jpg", ExitCode.BadFile, "missing.jpg: There is no such file or folder.")]
    [DataRow("restore a.png -m adir", ExitCode.BadFile, "adir: this folder holds no model in diffusers' layout")]
    [DataRow("restore a.png --unmerged", ExitCode.Usage, "--unmerged applies to LoRA weights, and there are none.")]
    [DataRow("restore a.png -o b.png --quality 50", ExitCode.Usage, "--quality is for JPEG and WebP, and .png files")]
    [DataRow("restore a.png --tile 100", ExitCode.Usage, "--tile 100 is not a multiple of 8; try 96 or 104.")]
    [DataRow(
        "restore a.png -m NANO --tile 64 --stride 128", ExitCode.Usage, "--stride 128 is larger than the tile: it must be 64 or less.")]
    [DataRow("models verify faithful", ExitCode.BadFile, "faithful comes with the program")]
    [DataRow("models convert a.pth b.bin", ExitCode.Usage, "its name must end in .safetensors")]
    public void Mistakes_are_explained(string line, ExitCode code, string told)
    {
        MakeImage("a.png", 24, 16);
        Directory.CreateDirectory(In("adir"));
        string[] words = [.. line.Split(' ').Select(word => word == "NANO" ? NanoModel.Folder : word)];
        StringAssert.Contains(Hypir(words).MustEnd(code).Error, told);
    }

    [TestMethod]
    public void Help_is_a_command_too()
    {
        Assert.AreEqual(Hypir("restore", "--help").Output, Hypir("help", "restore").MustEnd(ExitCode.Success).Output);
        Assert.AreEqual(Hypir("--help").Output, Hypir("help").MustEnd(ExitCode.Success).Output);
    }
}
