using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Nothing in a folder is skipped silently, and results that cannot be written are reported before they are computed.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LeftOutTests : EngineTest
{
    [TestMethod]
    public void Images_of_kinds_that_are_not_read_are_counted_and_named()
    {
        MakeImage("in/s.png", 40, 32);
        foreach (string name in (string[])["x.heic", "x.CR2", "y.avif", "z.heic", "notes.txt"])
            File.WriteAllText(In("in/" + name), "no image that is read");
        var run = Hypir("restore", "in", "-o", "out", "--report", "report.html").MustEnd(ExitCode.SomeFailed);
        StringAssert.Contains(run.Output, "1 restored, 0 kept, 0 failed");
        StringAssert.Contains(run.Output, "4 files left out: 2 HEIC, 1 AVIF, 1 CR2");
        string page = File.ReadAllText(In("report.html"));
        StringAssert.Contains(page, "4 files left out: 2 HEIC, 1 AVIF, 1 CR2");
        StringAssert.Contains(page, "z.heic");
        var json = Hypir("restore", "in", "-o", "out", "--json").MustEnd(ExitCode.SomeFailed);
        Assert.HasCount(4, json.Of("leftOut"));
        Assert.AreEqual(4, json.Of("summary").Single().GetProperty("leftOut").GetInt32());
        StringAssert.Contains(Hypir("restore", "in", "-o", "new", "-n").MustEnd(ExitCode.SomeFailed).Error, "4 files left out");

        File.Delete(In("in/s.png"));
        StringAssert.Contains(Hypir("restore", "in", "-o", "out").MustEnd(ExitCode.BadFile).Error, "4 files left out");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Each_real_folder_is_searched_once()
    {
        MakeImage("loop/x.png", 40, 32);
        MakeImage("loop/sub/y.png", 40, 32);
        MakeImage("other/z.png", 40, 32);
        Directory.CreateSymbolicLink(In("loop/a-self"), In("loop"));
        Directory.CreateSymbolicLink(In("loop/sub/up"), "..");
        Directory.CreateSymbolicLink(In("loop/elsewhere"), In("other"));
        Directory.CreateSymbolicLink(In("loop/again"), In("loop/sub"));
        var run = Hypir("restore", "loop", "-r", "-o", "out", "-n", "--json").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            new[] { "loop/elsewhere/z.png", "loop/sub/y.png", "loop/x.png" },
            run.Of("plan").Select(plan => plan.GetProperty("input").GetString()).ToArray());
        CollectionAssert.AreEqual(
            new[] { "loop/a-self", "loop/again", "loop/sub/up" },
            run.Of("leftOut").Select(line => line.GetProperty("input").GetString()).ToArray());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Folders_that_cannot_be_opened_or_written_are_told_before_anything_is_computed()
    {
        OtherUser.Require();
        OtherUser.Open(Folder);
        MakeImage("in/a.png", 40, 32);
        MakeImage("in/b.png", 40, 32);
        MakeImage("in/bad/c.png", 40, 32);
        OtherUser.Close(In("in/bad"));
        // Nobody may write into what belongs to root.
        Directory.CreateDirectory(In("ro"));
        try
        {
            foreach (string[] dry in (string[][])[["-n"], []])
            {
                var partly = OtherUser
                    .Run(BuiltProgram.Engine, Folder, ["restore", "in", "-r", "-o", "rin", .. dry])
                    .MustEnd(ExitCode.SomeFailed);
                StringAssert.Contains(partly.Error, "in/bad: This folder cannot be opened: permission denied.");
                var closed = OtherUser.Run(BuiltProgram.Engine, Folder, ["restore", "in/bad", "-o", "x", .. dry]).MustEnd(ExitCode.BadFile);
                StringAssert.Contains(closed.Error, "permission denied");
                var unwritable = OtherUser
                    .Run(BuiltProgram.Engine, Folder, ["restore", "in", "-o", "ro", .. dry])
                    .MustEnd(ExitCode.CannotWrite);
                StringAssert.Contains(unwritable.Error, "cannot be written: permission denied");
                Assert.AreEqual("", unwritable.Output, "Nothing was planned or computed.");
            }
        }
        finally
        {
            OtherUser.Open(In("in/bad"));
        }
        Assert.IsTrue(File.Exists(In("rin/a.png")));
    }

    [TestMethod]
    public void What_a_place_or_format_cannot_hold_is_told_before_it_is_computed()
    {
        MakeImage("wide.png", 17000, 8);
        MakeImage("a.png", 40, 32);
        Directory.CreateDirectory(In("folder.png"));
        File.WriteAllText(In("file"), "");
        string longName = new string('n', 250) + ".png";
        File.Copy(In("a.png"), In(longName));
        foreach (string[] dry in (string[][])[["-n"], []])
        {
            Refused(ExitCode.Usage, "WebP allows at most 16,383 pixels per side", ["wide.png", "-o", "wide.webp", .. dry]);
            Refused(
                ExitCode.Usage,
                "JPEG allows at most 65,500 pixels per side",
                ["wide.png", "-o", "wide.jpg", "--longest-side", "70000", .. dry]
            );
            Refused(ExitCode.CannotWrite, "too long", [longName, .. dry]);
            Refused(ExitCode.CannotWrite, "is a file, not a folder", ["a.png", "-o", "file/b.png", .. dry]);
        }
        Assert.IsFalse(Directory.EnumerateFiles(Folder, "*.tmp").Any());

        void Refused(ExitCode code, string told, params string[] arguments)
        {
            var run = Hypir(["restore", .. arguments]).MustEnd(code);
            StringAssert.Contains(run.Error, told, string.Join(' ', arguments));
            Assert.AreEqual("", run.Output, "Nothing was computed.");
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_full_disk_is_told_before_it_is_computed()
    {
        MakeImage("a.png", 400, 300);
        using var disk = new SmallDisk(In("disk"), 1);
        File.WriteAllBytes(In("disk/filler"), new byte[1 << 20]);
        foreach (
            string[] dry in (string[][])
                [
                    ["-n"], [],
                ]
        )
            StringAssert.Contains(
                Hypir(["restore", "a.png", "-o", "disk/a.bmp", "--json", .. dry])
                    .MustEnd(ExitCode.CannotWrite)
                    .Of("error")
                    .Single()
                    .GetProperty("message")
                    .GetString(),
                "disk is full"
            );
    }

    [TestMethod]
    public void A_dry_run_finds_what_the_run_would()
    {
        MakeImage("a.png", 40, 32);
        MakeImage("done.png", 40, 32);
        MakeImage("done.restored.png", 40, 32);
        File.WriteAllText(In("damaged.pth"), "no weights");
        foreach (string[] dry in (string[][])[["-n"], []])
        {
            Hypir(["restore", "a.png", "--lora", "missing.pth", .. dry]).MustEnd(ExitCode.BadFile);
            Hypir(["restore", "a.png", "--lora", "damaged.pth", .. dry]).MustEnd(ExitCode.BadFile);
        }
        var run = Hypir("restore", "a.png", "done.png", "-n").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "done.restored.png exists and would be kept; --overwrite replaces it.");
        ProgramRun planned = Hypir("restore", "a.png", "done.png", "-n", "--json").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            new[] { "plan", "plan", "totals" }, planned.Events.Select(line => line.GetProperty("event").GetString()).ToArray());
        CollectionAssert.AreEqual(
            new[] { "restore", "keep" }, planned.Of("plan").Select(plan => plan.GetProperty("status").GetString()).ToArray());
    }

    [TestMethod]
    public void The_plan_names_the_LoRA_weights_and_the_prompt()
    {
        string model = Goldens.Require("tiny-sd2"), lora = Goldens.Require("tiny-lora", "state_dict.safetensors");
        MakeImage("a.png", 40, 32);
        string[] call = ["restore", "a.png", "-n", "--model", model, "--lora", lora, "--prompt", "a red house"];
        var plan = Hypir([.. call, "--json"]).MustEnd(ExitCode.Success).Of("plan").Single();
        Assert.AreEqual(lora, plan.GetProperty("lora").GetString());
        Assert.AreEqual("a red house", plan.GetProperty("prompt").GetString());
        string told = Hypir(call).MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(told, "with state_dict.safetensors");
        StringAssert.Contains(told, "a red house");
    }

    [TestMethod]
    public void A_dry_run_tells_that_a_prompt_will_be_cut()
    {
        string model = Goldens.Require("tiny-sd2");
        MakeImage("a.png", 40, 32);
        string[] words = [.. Enumerable.Repeat("house", 200)];
        string Plan(int count) => Hypir("restore", "a.png", "-n", "--model", model, "--prompt", string.Join(' ', words[..count]))
            .MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(Plan(200), "\n  The text encoder reads 75 tokens, and the prompt has 600: the rest is ignored.\n");
        Assert.IsFalse(Plan(20).Contains("ignored", StringComparison.Ordinal));
    }
}
