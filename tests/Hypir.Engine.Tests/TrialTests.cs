using Hypir.Engine.Restoring.Trials;
using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary><c>hypir restore --try</c>.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class TrialTests : EngineTest
{
    [TestMethod]
    public void Settings_are_compared_on_one_sheet()
    {
        MakeImage("a.png", 200, 150);
        NanoModel.AddTo(In(BuiltProgram.Home));
        string[] trial = ["restore", "a.png", "--crop", "20,30,160,96", "--try", "strength=0.5,1", "model=nano,faithful"];
        ProgramRun run = Hypir(trial).MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "a.png -> a.try.png");
        StringAssert.Contains(run.Output, "It shows 160x96 pixels at 20,30");
        RasterImage sheet = ImageFile.Load(In("a.try.png"));
        // Three cells in a row (input and two models), two rows.
        int row = (sheet.Height - 12) / 2;
        Assert.AreEqual(12 + 3 * (160 + 12), sheet.Width);
        RasterImage Cell(int column, int line) => sheet.Cut(12 + column * 172, 12 + (line + 1) * row - 12 - 96, 160, 96);
        RasterImage part = ImageFile.Load(In("a.png")).Cut(20, 30, 160, 96);
        CollectionAssert.AreEqual(part.Rgb, Cell(0, 0).Rgb, "The input begins each row.");
        CollectionAssert.AreEqual(part.Rgb, Cell(0, 1).Rgb);
        foreach (var (name, column, line, strength) in new[] { ("nano", 1, 0, "0.5"), ("faithful", 2, 1, "1") })
        {
            Hypir(
                "restore", "a.png", "-o", name + ".png", "--crop", "20,30,160,96", "-m", name, "--strength", strength, "--engine", "never")
                .MustEnd(ExitCode.Success);
            CollectionAssert.AreEqual(ImageFile.Load(In(name + ".png")).Rgb, Cell(column, line).Rgb, name);
        }

        byte[] label = sheet.Cut(12, 12, 160, row - 96 - 12).Rgb;
        Assert.IsTrue(label.Max() > 200 && label.Min() < 60, "There is a label.");
        Hypir("restore", "a.png", "--try", "seed=1", "--quiet").MustEnd(ExitCode.Success);
        Assert.IsTrue(File.Exists(In("a.try-2.png")), "The first sheet stays.");
    }

    [TestMethod]
    [DataRow("strenght=1", "not \"strenght=1\".")]
    [DataRow("strength=2", "\"2\" is not a value of --strength")]
    [DataRow("t=1000", "\"1000\" is not a value of --t")]
    [DataRow("seed=x", "\"x\" is not a value of --seed")]
    [DataRow("photo.jpg", "Name images before --try")]
    [DataRow("strength=0.1 strength=1", "given twice")]
    [DataRow("strength=0.1,0.2,0.3,0.4,0.5,0.6 seed=1,2,3,4,5,6", "would make 36 images")]
    public void Settings_that_make_no_sense_are_refused(string tokens, string told) =>
        StringAssert.Contains(string.Join(' ', TrialSetting.Problems(tokens.Split(' '))), told);

    [TestMethod]
    public void Values_combine_and_the_last_changes_first()
    {
        TrialSetting[] settings = [TrialSetting.Parse("prompt=a cat, old|a dog")!, TrialSetting.Parse("coeff-t=100,200")!];
        string[] all = [.. TrialSetting.Combinations(settings).Select(one => string.Join('/', one.Select(pair => pair.Value)))];
        CollectionAssert.AreEqual(new[] { "a cat, old/100", "a cat, old/200", "a dog/100", "a dog/200" }, all);
        Assert.AreEqual(200, settings[1].Apply(new(), "200").CoeffT);
        Assert.AreEqual(-3, TrialSetting.Parse("seed=-3")!.Apply(new(), "-3").Seed);
        Assert.AreEqual(0.25, TrialSetting.Parse("strength=.25")!.Apply(new(), ".25").Strength);
        Assert.AreEqual(5, TrialSetting.Parse("t=5")!.Apply(new(), "5").ModelT);
    }
}
