using Hypir.Engine.Restoring;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Results of an earlier run in a subfolder of what is searched are no images.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class EarlierResultsTests : EngineTest
{
    [TestMethod]
    public void Results_of_an_earlier_run_in_a_subfolder_are_skipped_and_that_is_said()
    {
        MakeImage("f1/a.png", 40, 32);
        MakeImage("f1/sub/b.png", 40, 32);
        Restore("f1", "-r", "-o", "f1/out").MustEnd(ExitCode.Success);
        var again = Restore("f1", "-r", "-o", "f1/out2").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            new[] { "f1/a.png", "f1/out/a.png", "f1/out/sub/b.png", "f1/out2/a.png", "f1/out2/sub/b.png", "f1/sub/b.png" }, Files());
        string folder = Path.Combine("f1", "out");
        StringAssert.Contains(
            again.Error, folder + " is skipped: it holds results of an earlier run. Name it to restore them too.");
        var json = Restore("f1", "-r", "-o", "new", "-n", "--json").MustEnd(ExitCode.Success);
        CollectionAssert.AreEquivalent(
            new[] { folder, folder + "2" },
            json.Of("leftOut").Where(line => line.GetProperty("reason").GetString() == "results")
                .Select(line => line.GetProperty("input").GetString()).ToArray());
        Assert.HasCount(2, json.Of("plan"));
    }

    [TestMethod]
    public void They_are_restored_if_they_are_meant()
    {
        MakeImage("f1/a.png", 40, 32);
        Restore("f1/a.png", "-o", "f1/out/").MustEnd(ExitCode.Success);
        foreach (string[] inputs in new string[][] { ["f1/out"], ["f1", "f1/out"], ["f1/out/a.png"] })
        {
            var run = Restore([.. inputs, "-r", "-o", "new", "-n", "--json"]).MustEnd(ExitCode.Success);
            Assert.IsEmpty(run.Of("leftOut"));
            CollectionAssert.Contains(
                run.Of("plan").Select(plan => plan.GetProperty("input").GetString()!.Replace('\\', '/')).ToArray(), "f1/out/a.png");
        }

        // Nothing else is there: they must be meant.
        File.Delete(In("f1/a.png"));
        Assert.HasCount(1, Restore("f1", "-r", "-o", "new", "-n", "--json").MustEnd(ExitCode.Success).Of("plan"));
    }

    [TestMethod]
    public void A_dry_run_is_not_remembered_and_a_damaged_file_does_no_harm()
    {
        var known = new KnownOutputs(In("home/outputs.json"));
        Assert.IsEmpty(known.Read());
        known.Remember(In("a"));
        known.Remember(In("b") + Path.DirectorySeparatorChar);
        known.Remember(In("a"));
        MakeImage("mine/a.png", 40, 32);
        known.Remember(In("mine"));
        CollectionAssert.AreEqual(new[] { In("b"), In("a") }, known.Read().ToArray(), "A folder with other images is not one of results.");
        File.WriteAllText(In("home/outputs.json"), "[1, 2");
        Assert.IsEmpty(known.Read());
        known.Remember(In("c"));
        CollectionAssert.AreEqual(new[] { In("c") }, known.Read().ToArray());

        MakeImage("f1/a.png", 40, 32);
        Restore("f1", "-o", "f1/out", "-n").MustEnd(ExitCode.Success);
        Assert.IsFalse(File.Exists(Path.Combine(In(BuiltProgram.Home), "outputs.json")));
    }

    private ProgramRun Restore(params string[] arguments) => Hypir(["restore", .. arguments, "-m", NanoModel.Folder]);
}
