

using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Several images, existing results, and where results go.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class BatchTests : EngineTest
{
    [TestMethod]
    public void A_folder_with_a_bad_image_is_restored_but_for_that()
    {
        MakeImage("scans/a.png", 40, 32);
        MakeImage("scans/sub/c.jpg", 32, 40);
        File.WriteAllText(In("scans/b.png"), "this is no image");
        File.WriteAllText(In("scans/notes.txt"), "neither is this, and it does not say so");
        var run = Hypir("restore", "scans", "-o", "out/", "--recursive").MustEnd(ExitCode.SomeFailed);
        StringAssert.Contains(run.Error, "b.png");
        StringAssert.Contains(run.Output, "2 restored, 0 kept, 1 failed");
        CollectionAssert.AreEqual(
            new[] { "out/a.png", "out/sub/c.jpg", "scans/a.png", "scans/b.png", "scans/notes.txt", "scans/sub/c.jpg" }, Files());
        Assert.AreEqual(ImageFormat.Jpeg, ImageFile.Inspect(In("out/sub/c.jpg")).Format);
    }

    [TestMethod]
    public void An_existing_result_is_kept_unless_it_may_be_replaced()
    {
        MakeImage("a.png", 40, 32);
        File.WriteAllText(In("a.restored.png"), "precious");
        StringAssert.Contains(Hypir("restore", "a.png").MustEnd(ExitCode.Success).Output, "kept");
        Assert.AreEqual("precious", File.ReadAllText(In("a.restored.png")));
        Hypir("restore", "a.png", "--overwrite").MustEnd(ExitCode.Success);
        Assert.AreEqual(40, ImageFile.Inspect(In("a.restored.png")).Width);
    }

    [TestMethod]
    public void Without_recursive_subfolders_are_left_out_and_results_are_no_images()
    {
        MakeImage("in/a.png", 40, 32);
        MakeImage("in/a.restored.png", 40, 32);
        MakeImage("in/sub/b.png", 40, 32);
        var plans = Hypir("restore", "in", "--dry-run", "--json", "--overwrite").MustEnd(ExitCode.Success).Of("plan");
        Assert.AreEqual(Path.Combine("in", "a.png"), plans.Single().GetProperty("input").GetString());
    }

    [TestMethod]
    public void Results_within_the_searched_folder_are_not_restored_again()
    {
        MakeImage("in/a.png", 40, 32);
        MakeImage("in/out/a.png", 40, 32);
        var plans = Hypir("restore", "in", "-r", "-o", "in/out", "--dry-run", "--json", "--overwrite").MustEnd(ExitCode.Success).Of("plan");
        Assert.AreEqual(Path.Combine("in", "a.png"), plans.Single().GetProperty("input").GetString());
    }

    [TestMethod]
    public void A_dry_run_computes_and_writes_nothing_and_knows_the_time_after_a_run()
    {
        MakeImage("a.png", 700, 600);
        var plan = Hypir("restore", "a.png", "-o", "out/b.png", "--upscale", "2", "--tile", "320", "--dry-run", "--json")
            .MustEnd(ExitCode.Success)
            .Of("plan").Single();
        CollectionAssert.AreEqual(new[] { "a.png" }, Files());
        Assert.IsFalse(Directory.Exists(In("out")));
        Assert.AreEqual(
            (700, 600, 1400, 1200), (Int(plan, "width"), Int(plan, "height"), Int(plan, "outputWidth"), Int(plan, "outputHeight")));
        Assert.IsGreaterThan(1, Int(plan.GetProperty("tiles"), "restore"));
        Assert.IsGreaterThan(0, plan.GetProperty("memoryBytes").GetInt64());
        Assert.IsFalse(plan.TryGetProperty("seconds", out _), "Nothing was measured yet.");

        Hypir("restore", "a.png").MustEnd(ExitCode.Success);
        double seconds = Seconds();
        Assert.IsGreaterThan(0, seconds);
        MakeImage("small.png", 16, 16);
        Hypir("restore", "small.png").MustEnd(ExitCode.Success);
        Assert.AreEqual(seconds, Seconds(), "A tiny image measures start-up, not the model.");

        double Seconds() =>
            Hypir("restore", "a.png", "--dry-run", "--json", "--overwrite")
                .MustEnd(ExitCode.Success)
                .Of("plan").Single()
                .GetProperty("seconds")
                .GetDouble();
    }

    /// <summary>The model's tile is 512: a quarter of it is what tiles share at most, unless a distance is given.</summary>
    [TestMethod]
    [DataRow("64", 96)]
    [DataRow("128", 28)]
    [DataRow("256", 12)]
    public void A_distance_between_tiles_holds_without_a_tile_size(string stride, int least)
    {
        MakeImage("a.png", 1200, 900);
        int Tiles(params string[] options) => Int(
            Hypir(["restore", "a.png", "-n", "--json", "-m", NanoModel.Folder, .. options]).MustEnd(ExitCode.Success).Of("plan").Single()
                .GetProperty("tiles"), "restore");
        Assert.IsGreaterThanOrEqualTo(least, Tiles("--stride", stride));
        Assert.IsLessThan(least, Tiles());
    }

    private static int Int(System.Text.Json.JsonElement line, string field) => line.GetProperty(field).GetInt32();
}
