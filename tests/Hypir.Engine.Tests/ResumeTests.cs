using Hypir.Core.Files;

namespace Hypir.Engine.Tests;

/// <summary>Runs that go on where killed ones ended.</summary>
[TestClass]
public sealed class ResumeTests : EngineTest
{
    [TestMethod]
    public void A_part_of_a_result_is_never_taken_for_whole()
    {
        string[] kinds = ["png", "jpg", "webp", "tif", "bmp"];
        const int Cuts = 4;
        foreach (string kind in kinds)
        {
            for (int i = 0; i <= Cuts; i++)
                MakeImage($"in/{kind}{i}.{kind}", 60, 50);
        }

        Hypir("restore", "in", "-o", "out").MustEnd(ExitCode.Success);
        var whole = Directory.GetFiles(In("out")).ToDictionary(file => file, File.ReadAllBytes);
        var random = new Random(17);
        foreach (string kind in kinds)
        {
            for (int i = 0; i < Cuts; i++)
            {
                string file = In($"out/{kind}{i}.{kind}");
                // Nothing at all, all but the last byte, and anything between.
                int length = i switch { 0 => 0, 1 => whole[file].Length - 1, _ => random.Next(1, whole[file].Length - 1) };
                File.WriteAllBytes(file, whole[file][..length]);
            }
        }

        var run = Hypir("restore", "in", "-o", "out", "--resume", "--json").MustEnd(ExitCode.Success);
        foreach (var (file, bytes) in whole)
            CollectionAssert.AreEqual(bytes, File.ReadAllBytes(file), file);
        var summary = run.Of("summary").Single();
        Assert.AreEqual(
            (Cuts * kinds.Length, kinds.Length), (summary.GetProperty("restored").GetInt32(), summary.GetProperty("kept").GetInt32()));
        Assert.HasCount(Cuts * kinds.Length, run.Of("result"), "Kept ones are silent.");
        Assert.AreEqual(
            "0 restored, 25 kept, 0 failed",
            Hypir("restore", "in", "-o", "out", "--resume").MustEnd(ExitCode.Success).Output.Split(" in ")[0]);
    }

    [TestMethod]
    public void Leftovers_of_its_own_images_are_swept_and_nobody_elses()
    {
        MakeImage("in/a.png", 24, 24);
        MakeImage("in/b.png", 24, 24);
        Directory.CreateDirectory(In("out"));
        string mine = TemporaryFiles.NewFor(In("out/a.png")), others = TemporaryFiles.NewFor(In("out/b.png"));
        foreach (string file in new[] { mine, others, In("out/.x.tmp"), In("out/a.png.tmp") })
            File.WriteAllText(file, "half");
        Hypir("restore", "in", "-o", "out", "--resume", "--shard", "0/2").MustEnd(ExitCode.Success);
        Assert.IsFalse(File.Exists(mine));
        Assert.IsTrue(File.Exists(others), "Another process may be writing it.");
        Assert.IsTrue(File.Exists(In("out/.x.tmp")) && File.Exists(In("out/a.png.tmp")), "These are not the program's files.");
        Hypir("restore", "in", "-o", "out", "--resume", "--shard", "1/2").MustEnd(ExitCode.Success);
        Assert.IsFalse(File.Exists(others));
    }
}
