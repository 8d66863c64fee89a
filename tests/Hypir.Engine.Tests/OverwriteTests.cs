using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Images and other inputs are never replaced, by whatever way their files are reached.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class OverwriteTests : EngineTest
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void No_way_to_an_image_lets_a_result_replace_it()
    {
        MakeImage("in/y.png", 40, 32);
        MakeImage("in/sub/z.png", 40, 32);
        byte[] before = File.ReadAllBytes(In("in/y.png"));
        Directory.CreateSymbolicLink(In("outlink"), In("in"));
        Directory.CreateSymbolicLink(In("in/round"), In("in"));
        File.CreateSymbolicLink(In("link.png"), In("in/y.png"));
        Links.Hard(In("hard.png"), In("in/y.png"));
        foreach (
            string[] call in (string[][])
                [
                    ["in", "-o", "outlink"], ["in", "-o", "in/sub/.."], ["outlink", "-o", "in"], ["in", "-r", "-o", "outlink"],
                    ["in/y.png", "-o", "link.png"], ["link.png", "-o", "in/y.png"], ["in/y.png", "-o", "hard.png"],
                    ["hard.png", "-o", "outlink/y.png"], ["in/y.png", "-o", "in/round/y.png"],
                ]
        )
        {
            var run = Hypir(["restore", .. call, "--overwrite"]).MustEnd(ExitCode.Usage);
            StringAssert.Contains(run.Error, "would overwrite the image", string.Join(' ', call));
        }
        CollectionAssert.AreEqual(before, File.ReadAllBytes(In("in/y.png")));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(In("hard.png")));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Two_results_cannot_be_one_file_and_other_inputs_are_no_place_for_results()
    {
        MakeImage("a/y.png", 40, 32);
        Directory.CreateSymbolicLink(In("b"), In("a"));
        StringAssert.Contains(Hypir("restore", "a/y.png", "b/y.png").MustEnd(ExitCode.Usage).Error, "would both become");
        File.Move(In(MakeImage("page.png", 40, 32)), In("page.html"));
        File.CreateSymbolicLink(In("report.html"), In("page.html"));
        StringAssert.Contains(
            Hypir("restore", "page.html", "-o", "x.png", "--report", "report.html").MustEnd(ExitCode.Usage).Error,
            "report would overwrite");
        File.WriteAllText(In("lora.png"), "weights");
        StringAssert.Contains(
            Hypir("restore", "a/y.png", "-o", "./lora.png", "--lora", "lora.png", "--overwrite").MustEnd(ExitCode.Usage).Error,
            "overwritten");
        Assert.AreEqual("weights", File.ReadAllText(In("lora.png")));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_link_that_appears_during_the_run_leads_to_no_image()
    {
        MakeImage("in/a.png", 700, 600);
        MakeImage("in/b.png", 40, 32);
        byte[] before = File.ReadAllBytes(In("in/b.png"));
        using var process = BuiltProgram.Engine.Start(Folder, "restore", "in", "-o", "out/", "--overwrite", "--json");
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("progress", StringComparison.Ordinal))
        {
        }
        File.CreateSymbolicLink(In("out/b.png"), In("in/b.png"));
        var run = BuiltProgram.Finish(process).MustEnd(ExitCode.SomeFailed);
        StringAssert.Contains(run.Output, "would overwrite the image");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(In("in/b.png")));
        Assert.IsNotNull(new FileInfo(In("out/b.png")).LinkTarget);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Converting_a_file_into_itself_is_refused_through_a_link_too()
    {
        string weights = Path.Combine(NanoModel.Folder, "vae", "diffusion_pytorch_model.safetensors");
        File.Copy(weights, In("w.safetensors"));
        File.CreateSymbolicLink(In("link.safetensors"), In("w.safetensors"));
        StringAssert.Contains(
            Hypir("models", "convert", "w.safetensors", "link.safetensors", "--overwrite").MustEnd(ExitCode.BadFile).Error, "same file");
        CollectionAssert.AreEqual(File.ReadAllBytes(weights), File.ReadAllBytes(In("w.safetensors")));
        Assert.IsNotNull(new FileInfo(In("link.safetensors")).LinkTarget);
    }

    [TestMethod]
    public void A_model_is_not_copied_onto_itself()
    {
        string from = NanoModel.Folder, to = Path.Combine(BuiltProgram.Home, "models", "mine");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = In(Path.Combine(to, Path.GetRelativePath(from, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        StringAssert.Contains(
            Hypir("models", "add", to, "--copy", "--name", "mine").MustEnd(ExitCode.BadFile).Error, "is already in the folder");
    }

    [TestMethod]
    public void The_doctor_replaces_nothing()
    {
        File.WriteAllText(In("mine.zip"), "precious");
        StringAssert.Contains(Hypir("doctor", "--zip", "mine.zip").MustEnd(ExitCode.CannotWrite).Error, "already exists");
        StringAssert.Contains(Hypir("doctor", "--zip", "report.txt").MustEnd(ExitCode.Usage).Error, ".zip");
        Assert.AreEqual("precious", File.ReadAllText(In("mine.zip")));
    }

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = false)]
    [OSCondition(OperatingSystems.Linux)]
    public void A_pipe_in_a_folder_is_told_and_does_not_hold_up_the_others()
    {
        MakeImage("in/a.png", 40, 32);
        MakeImage("in/z.png", 40, 32);
        Links.Pipe(In("in/m.png"));
        var run = Hypir("restore", "in", "-o", "out").MustEnd(ExitCode.SomeFailed);
        StringAssert.Contains(run.Error, "m.png");
        StringAssert.Contains(run.Error, "pipe");
        Assert.IsTrue(File.Exists(In("out/a.png")) && File.Exists(In("out/z.png")));
    }
}
