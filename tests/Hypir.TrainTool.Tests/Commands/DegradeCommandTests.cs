
using Hypir.Imaging;
using Hypir.Testing;
using Hypir.Training.Config;

namespace Hypir.TrainTool.Tests.Commands;

[TestClass]
[TestCategory("Slow")]
public sealed class DegradeCommandTests
{
    [TestMethod]
    public void Equal_seeds_give_equal_bytes_for_any_number_of_workers()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 4; i++)
            TestImages.Save(folder, $"in/{i}.png", 60 + 9 * i, 70 - 5 * i);
        Degrade(folder, ExitCode.Success, "in", "-o", "one", "--workers", "1", "--count", "3", "--save-hq", "--recipes");
        Degrade(folder, ExitCode.Success, "in", "-o", "three", "--workers", "3", "--count", "3", "--save-hq", "--recipes");
        Degrade(folder, ExitCode.Success, "in", "-o", "other", "--seed", "7", "--count", "3", "--save-hq", "--recipes");
        var one = TestImages.Contents(folder["one"]);
        Assert.AreEqual(12 + 12 + 2, one.Count);
        CollectionAssert.AreEquivalent(one, TestImages.Contents(folder["three"]));
        var other = TestImages.Contents(folder["other"]);
        CollectionAssert.AreEquivalent(one.Keys, other.Keys);
        Assert.IsTrue(one.Where(file => file.Key.StartsWith("lq/", StringComparison.Ordinal)).All(file => other[file.Key] != file.Value));
        Assert.AreEqual(
            12, one.Where(file => file.Key.StartsWith("lq/", StringComparison.Ordinal)).Select(file => file.Value).Distinct().Count());
    }

    [TestMethod]
    [DataRow("--recipes", "recipes.jsonl"), DataRow("--yaml", "recipes.yaml")]
    public void A_replay_gives_the_same_bytes(string option, string file)
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "in/a.png", 90, 70);
        TestImages.Save(folder, "in/b.jpg", 64, 96);
        folder.Write(
            "config.yaml", "data_config: {train: {dataset: {params: {out_size: 48, crop_type: random, use_hflip: true, use_rot: true}}}}");
        Degrade(
            folder,
            ExitCode.Success,
            "in",
            "-o",
            "first",
            "-c",
            "config.yaml",
            "--count",
            "4",
            "--save-hq",
            option,
            "--contact-sheet",
            "0"
        );
        Degrade(folder, ExitCode.Success, "-o", "again", "--replay", $"first/{file}", "--save-hq", option, "--contact-sheet", "0");
        CollectionAssert.AreEquivalent(TestImages.Contents(folder["first"]), TestImages.Contents(folder["again"]));
        // The images moved elsewhere, found by their names.
        Directory.Move(folder["in"], folder["moved"]);
        Degrade(folder, ExitCode.Success, "moved", "-o", "third", "--replay", $"first/{file}", "--save-hq");
        var first = TestImages.Contents(folder["first"]).Where(entry => entry.Key.EndsWith(".png", StringComparison.Ordinal));
        CollectionAssert.IsSubsetOf(first.ToList(), TestImages.Contents(folder["third"]).ToList());
        Assert.AreEqual(48, ImageFile.Inspect(folder["first", "lq", "a.1.png"]).Width);
    }

    [TestMethod]
    public void Bad_files_are_skipped_and_told()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "in/good.png", 40, 40);
        folder.Write("in/text.png", "this is no image");
        folder.Write("in/empty.jpg", "");
        byte[] whole = File.ReadAllBytes(TestImages.Save(folder, "in/cut.png", 80, 80));
        File.WriteAllBytes(folder["in", "cut.png"], whole[..(whole.Length / 2)]);
        var run = Degrade(folder, ExitCode.SomeFailed, "in", "-o", "out", "--recipes");
        foreach (string name in new[] { "text.png", "empty.jpg", "cut.png" })
            StringAssert.Contains(run.Error, name);
        StringAssert.Contains(run.Output, "1 of 4");
        StringAssert.Contains(run.Output, "3 skipped");
        CollectionAssert.AreEqual(new[] { "good.png" }, Directory.GetFiles(folder["out", "lq"]).Select(Path.GetFileName).ToArray());
        Assert.AreEqual(1, File.ReadAllLines(folder["out", "recipes.jsonl"]).Length);
        // Nothing good at all is another exit code.
        Degrade(folder, ExitCode.BadFile, "in/text.png", "-o", "none");
    }

    [TestMethod]
    public void Any_size_and_depth_comes_through()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "dot.png", 1, 1);
        TestImages.Save(folder, "line.png", 200, 2);
        TestImages.Save(folder, "deep.png", 50, 30, bits: 16);
        Degrade(folder, ExitCode.Success, "dot.png", "line.png", "deep.png", "-o", "out", "--count", "6");
        Assert.AreEqual(18, Directory.GetFiles(folder["out", "lq"]).Length);
        Assert.AreEqual(
            (200, 2),
            (ImageFile.Inspect(folder["out", "lq", "line.3.png"]).Width, ImageFile.Inspect(folder["out", "lq", "line.3.png"]).Height));
    }

    [TestMethod]
    public void The_contact_sheet_is_one_file_with_the_recipes_in_words()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "a <b> & c.png", 64, 64);
        Degrade(folder, ExitCode.Success, "a <b> & c.png", "-o", "out", "--count", "5", "--contact-sheet", "3");
        string html = File.ReadAllText(folder["out", "contact-sheet.html"]);
        Assert.AreEqual(3, Count(html, "<article>"));
        Assert.AreEqual(6, Count(html, "src=\"data:image/webp;base64,UklGR"));
        Assert.AreEqual(0, Count(html, "http:") + Count(html, "https:") + Count(html, "<script"));
        StringAssert.Contains(html, "a &lt;b&gt; &amp; c.1");
        StringAssert.Contains(html, "The first 3 of 5 are shown.");
        Assert.IsTrue(
            Count(html, "<li>JPEG, quality ") == 6 && Count(html, " noise, ") == 6 && Count(html, "back to the first size") == 3, html);
        Degrade(folder, ExitCode.Success, "a <b> & c.png", "-o", "without", "--contact-sheet", "0");
        Assert.IsFalse(File.Exists(folder["without", "contact-sheet.html"]));
    }

    [TestMethod]
    public void The_configuration_is_printed_and_reads_back()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("c.yaml", "seed: 5\ndata_config: {train: {batch_transform: {params: {jpeg_range: [50, 60]}}}}");
        var run = BuiltProgram
            .Trainer.Run(folder.Path, "degrade", "--print-config", "-c", file, "--prompt-key", "text")
            .MustEnd(ExitCode.Success);
        var expected = ConfigFile.Load(file);
        Assert.AreEqual(ConfigFile.Text(expected with { Manifest = expected.Manifest with { PromptKey = "text" } }), run.Output);
        StringAssert.Contains(run.Output, "jpeg_range: [50, 60]  # JPEG qualities");
    }

    [TestMethod]
    public void Wrong_calls_are_refused_before_anything_is_done()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "in/a.png", 32, 32);
        TestImages.Save(folder, "out/lq/b.png", 32, 32);
        folder.Write("bad.yaml", "seed: soon\n");
        folder.Write("r.jsonl", "{}\n");
        void Refused(ExitCode code, string told, params string[] arguments) =>
            StringAssert.Contains(BuiltProgram.Trainer.Run(folder.Path, ["degrade", .. arguments]).MustEnd(code).Error, told);
        Refused(ExitCode.Usage, "--output", "in");
        Refused(ExitCode.Usage, "no images to degrade", "-o", "x");
        Refused(ExitCode.Usage, "--count", "in", "-o", "x", "--count", "0");
        Refused(ExitCode.Usage, "--colour", "in", "-o", "x", "--colour");
        Refused(ExitCode.Usage, "line 1: seed is soon", "in", "-o", "x", "-c", "bad.yaml");
        Refused(ExitCode.Usage, "results already", "in", "-o", "out");
        Refused(ExitCode.Usage, "is where results would be written", "out/lq/b.png", "-o", "out", "--overwrite");
        if (OperatingSystem.IsLinux())
        {
            Directory.CreateSymbolicLink(folder["out2"], folder["out"]);
            Refused(ExitCode.Usage, "is where results would be written", "out/lq/b.png", "-o", "out2", "--overwrite");
            TestImages.Save(folder, "in/c.png", 32, 32);
            Directory.CreateDirectory(folder["out3/lq"]);
            File.CreateSymbolicLink(folder["out3/lq/a.png"], folder["in/c.png"]);
            Refused(ExitCode.Usage, "would be overwritten", "in", "-o", "out3", "--overwrite");
            folder.Write("list.txt", "in/a.png\n");
            Directory.CreateDirectory(folder["out4"]);
            File.CreateSymbolicLink(folder["out4/recipes.jsonl"], folder["list.txt"]);
            Refused(ExitCode.Usage, "would be overwritten", "list.txt", "-o", "out4", "--recipes");
            File.Delete(folder["in/c.png"]);
        }
        Refused(ExitCode.Usage, "--replay", "in", "-o", "x", "--replay", "r.jsonl", "--seed", "3");
        Refused(ExitCode.BadFile, "r.jsonl, line 1", "-o", "x", "--replay", "r.jsonl");
        Refused(ExitCode.BadFile, "absent", "absent", "-o", "x");
        Refused(ExitCode.CannotWrite, "cannot be written", "in", "-o", "in/a.png/x");
        Assert.IsFalse(Directory.Exists(folder["x"]));
        Degrade(folder, ExitCode.Success, "in", "-o", "out", "--overwrite");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_signal_ends_a_run_and_what_was_done_has_its_recipe()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "a.png", 96, 96);
        using var process = BuiltProgram.Trainer.Start(
            folder.Path, "degrade", "a.png", "-o", "out", "--count", "100000", "--recipes", "--workers", "2");
        using (var watcher = new FileSystemWatcher(folder.Path) { IncludeSubdirectories = true, EnableRaisingEvents = true })
            while (!File.Exists(folder["out", "lq", "a.5.png"]))
                Assert.IsFalse(watcher.WaitForChanged(WatcherChangeTypes.All, 60_000).TimedOut, "Nothing is written.");
        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]))
            kill.WaitForExit();
        BuiltProgram.Finish(process).MustEnd(ExitCode.Cancelled);
        string[] images = [.. Directory.GetFiles(folder["out", "lq"]).Select(path => Path.GetFileNameWithoutExtension(path)!)];
        string[] recipes =
        [
            .. Hypir.Training.Data.RecipeFiles.RecipeFile.Read(folder["out", "recipes.jsonl"]).Select(recipe => recipe.Samples[0].Name),
        ];
        CollectionAssert.AreEquivalent(images, recipes);
        Assert.IsTrue(images.Length is >= 5 and < 100_000);
        Assert.AreEqual(0, Directory.GetFiles(folder["out"], "*.tmp", SearchOption.AllDirectories).Length);
    }

    private static ProgramRun Degrade(TemporaryFolder folder, ExitCode code, params string[] arguments) =>
        BuiltProgram.Trainer.Run(folder.Path, ["degrade", .. arguments]).MustEnd(code);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
