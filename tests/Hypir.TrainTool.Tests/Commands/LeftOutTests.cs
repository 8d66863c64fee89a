using Hypir.Testing;
using Hypir.TrainTool.Tests.Training;

namespace Hypir.TrainTool.Tests.Commands;

/// <summary>Nothing in a folder of images is passed over in silence.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LeftOutTests
{
    private const string Told = "4 files left out: 2 HEIC, 1 AVIF, 1 CR2";

    private static readonly string Nano = NanoModel.Folder;

    [TestMethod]
    public void Degrade_counts_kinds_that_are_not_read_before_and_after_the_work()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "in/a.png", 40, 32);
        LayUnread(folder, "in");
        var run = Run(folder, ExitCode.SomeFailed, "degrade", "in", "-o", "out");
        StringAssert.Contains(run.Error, $"{Told}. Supported formats: PNG, JPEG");
        StringAssert.Contains(run.Output, "1 of 1 -> ");
        StringAssert.Contains(run.Output, Told);
        Assert.AreEqual("a.png", Path.GetFileName(Directory.GetFiles(folder["out", "lq"]).Single()));

        // Those of a subfolder count where it is searched.
        folder.Write("in/more/x.heic", "");
        TestImages.Save(folder, "in/more/b.png", 40, 32);
        StringAssert.Contains(Run(folder, ExitCode.SomeFailed, "degrade", "in", "-r", "-o", "all").Output, "5 files left out: 3 HEIC");

        // With nothing else it is a bad folder, found before anything is written.
        File.Delete(folder["in", "a.png"]);
        StringAssert.Contains(Run(folder, ExitCode.BadFile, "degrade", "in", "-o", "none").Error, Told);
        Assert.IsFalse(Directory.Exists(folder["none"]));
    }

    [TestMethod]
    public void Evaluate_refuses_means_over_some_of_the_images()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "clean/a.png", 40, 32);
        foreach (string side in (string[])["lq", "hq"])
            TestImages.Save(folder, $"pairs/{side}/a.png", 40, 32);
        LayUnread(folder, "clean");
        Refused(Told, "--images", "clean");
        foreach (string side in (string[])["lq", "hq"])
        {
            LayUnread(folder, $"pairs/{side}");
            Refused(Told, "--pairs", "pairs");
            DeleteUnread(folder, $"pairs/{side}");
        }
        DeleteUnread(folder, "clean");
        folder.Write("clean/text.png", "this is no image");
        Refused("1 of 2 images cannot be read", "--images", "clean");
        File.Delete(folder["clean", "text.png"]);
        Run(folder, ExitCode.Success, "evaluate", "-m", Nano, "--images", "clean", "-o", "out");

        void Refused(string told, params string[] images)
        {
            var run = Run(folder, ExitCode.BadFile, ["evaluate", "-m", Nano, "-o", "out", .. images]);
            StringAssert.Contains(run.Error, told);
            Assert.IsFalse(run.Output.Contains("Mean of", StringComparison.Ordinal), run.Output);
            if (Directory.Exists(folder["out"]))
                Directory.Delete(folder["out"], recursive: true);
        }
    }

    [TestMethod]
    public void Training_goes_without_them_and_names_their_number()
    {
        using var setup = new TrainingSetup(2);
        foreach (string name in (string[])["x.heic", "y.CR2"])
            File.WriteAllText(setup.File("photos", name), "");
        File.WriteAllText(setup.File("held-out", "z.avif"), "");
        File.Copy(setup["photos/0.png"], setup["held-out/0.png"]);
        string config = setup.Config("out", 1, $"validation_path: {setup["held-out"]}\nvalidation_steps: 1");
        foreach (string[] dry in (string[][])[["--dry-run"], []])
        {
            string error = setup.Train(config, dry).MustEnd(ExitCode.Success).Error;
            StringAssert.Contains(error, $"{setup["photos"]}: 2 files left out: 1 CR2, 1 HEIC.");
            StringAssert.Contains(error, $"{setup["held-out"]}: 1 file left out: 1 AVIF.");
        }
        var init = BuiltProgram.Trainer.Run(setup.Path, "init", "photos", "-o", "new.yaml").MustEnd(ExitCode.Success);
        StringAssert.Contains(init.Error, "2 files left out");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Folders_that_cannot_be_opened_end_a_command_before_it_begins()
    {
        OtherUser.Require();
        using var folder = new TemporaryFolder();
        OtherUser.Open(folder.Path);
        TestImages.Save(folder, "in/a.png", 40, 32);
        TestImages.Save(folder, "in/bad/b.png", 40, 32);
        TestImages.Save(folder, "pairs/lq/a.png", 40, 32);
        TestImages.Save(folder, "pairs/hq/a.png", 40, 32);
        foreach (string closed in (string[])[folder["in", "bad"], folder["pairs", "lq"]])
            OtherUser.Close(closed);
        try
        {
            Refused("in/bad", "degrade", "in", "-r", "-o", "out");
            Refused("in/bad", "degrade", "in/bad", "-o", "out");
            Refused("in/bad", "evaluate", "-m", Nano, "--images", "in/bad", "-o", "out");
            Refused("pairs/lq", "evaluate", "-m", Nano, "--pairs", "pairs", "-o", "out");
            OtherUser.Run(BuiltProgram.Trainer, folder.Path, "degrade", "in", "-o", "out").MustEnd(ExitCode.Success);
        }
        finally
        {
            foreach (string closed in (string[])[folder["in", "bad"], folder["pairs", "lq"]])
                OtherUser.Open(closed);
        }

        void Refused(string path, params string[] arguments)
        {
            var run = OtherUser.Run(BuiltProgram.Trainer, folder.Path, arguments).MustEnd(ExitCode.BadFile);
            StringAssert.Contains(run.Error, $"{path}: This folder cannot be opened: permission denied.");
            Assert.IsFalse(Directory.Exists(folder["out", "lq"]) || Directory.Exists(folder["out", "pairs"]), "Something was computed.");
        }
    }

    private static void LayUnread(TemporaryFolder folder, string place)
    {
        foreach (string name in Unread)
            folder.Write($"{place}/{name}", "no image that is read");
        folder.Write($"{place}/notes.txt", "no image at all");
    }

    private static void DeleteUnread(TemporaryFolder folder, string place)
    {
        foreach (string name in Unread)
            File.Delete(folder[place, name]);
    }

    private static string[] Unread => ["x.heic", "x.CR2", "y.avif", "z.heic"];

    private static ProgramRun Run(TemporaryFolder folder, ExitCode code, params string[] arguments) =>
        BuiltProgram.Trainer.Run(folder.Path, arguments).MustEnd(code);
}
