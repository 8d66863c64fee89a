using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using Hypir.Training.Logging;
using Hypir.TrainTool.Tests.Training;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Commands;

/// <summary>The program itself, as a person runs it.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class EvaluateCommandTests
{
    private static readonly string Nano = NanoModel.Folder;

    [TestMethod]
    public void Clean_images_are_degraded_restored_and_measured()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "clean/a.png", 96, 64);
        TestImages.Save(folder, "clean/b.png", 64, 80);
        var run = BuiltProgram
            .Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--baseline", Nano, "--images", "clean", "-o", "out")
            .MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "Mean of 2 images");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["out/evaluation.json"]));
        var mean = json.RootElement.GetProperty("mean");
        Assert.AreEqual(2, json.RootElement.GetProperty("pictures").GetInt32());
        double input = mean.GetProperty("input").GetProperty("psnr").GetDouble(),
            model = mean.GetProperty("nano").GetProperty("psnr").GetDouble();
        Assert.IsTrue(input is > 5 and < 60 && model is > 5 and < 60);
        Assert.AreNotEqual(input, model);
        var all = json.RootElement.GetProperty("all").GetProperty("nano");
        Assert.AreEqual(
            model, (all.GetProperty("a").GetProperty("psnr").GetDouble() + all.GetProperty("b").GetProperty("psnr").GetDouble()) / 2, 1e-9);
        string page = File.ReadAllText(folder["out/evaluation.html"]);
        Assert.AreEqual(4 * 2, page.Split("data:image/jpeg;base64,").Length - 1, "Two images, each beside two results.");

        // The pairs that were made measure the same again, and alone.
        var again = BuiltProgram
            .Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "out/pairs", "-o", "again")
            .MustEnd(ExitCode.Success);
        using var second = JsonDocument.Parse(File.ReadAllText(folder["again/evaluation.json"]));
        Assert.AreEqual(model, second.RootElement.GetProperty("mean").GetProperty("nano").GetProperty("psnr").GetDouble());
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--images", "clean", "-o", "out").MustEnd(ExitCode.Usage);
        StringAssert.Contains(
            BuiltProgram
                .Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "out/pairs", "-o", "again")
                .MustEnd(ExitCode.Usage)
                .Error,
            "already contains an evaluation"
        );
    }

    [TestMethod]
    public void A_true_image_as_damaged_one_is_measured_as_equal()
    {
        using var folder = new TemporaryFolder();
        string image = TestImages.Save(folder, "pairs/lq/a.png", 64, 64);
        Directory.CreateDirectory(folder["pairs/gt"]);
        File.Copy(image, folder["pairs/gt/a.png"]);
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs", "-o", "out").MustEnd(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["out/evaluation.json"]));
        Assert.AreEqual(100, json.RootElement.GetProperty("mean").GetProperty("input").GetProperty("psnr").GetDouble());
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_perceptual_distance_is_measured_and_trained_on_where_its_weights_are()
    {
        using var setup = new TrainingSetup(2);
        using (NewDisposeScope())
        {
            using var batches = new GoldenCase(Goldens.Require("training", "trace", "batches.safetensors"));
            using var metric = new GoldenCase(Goldens.Require("training", "lpips.safetensors"));
            using var vgg = SeededVgg.From(batches);
            using var features = vgg.Build(float32);
            SafetensorsWriter.Write(
                setup["vgg.safetensors"], features.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter));
            SafetensorsWriter.Write(
                setup["lins.safetensors"],
                metric.Names("param.lin").ToDictionary(name => Lin(name["param.".Length..]), name => metric[name].to(float32)));
        }
        BuiltProgram
            .Trainer.Run(
                setup.Path, "evaluate", "--model", Nano, "--images", "photos", "--lpips-vgg", "vgg.safetensors", "--lpips-lins",
                "lins.safetensors", "-o", "out")
            .MustEnd(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(setup["out/evaluation.json"]));
        var mean = json.RootElement.GetProperty("mean");
        Assert.IsTrue(
            mean.GetProperty("input").GetProperty("lpips").GetDouble() > 0 && mean.GetProperty("nano").GetProperty("lpips").GetDouble() > 0
        );
        StringAssert.Contains(File.ReadAllText(setup["out/evaluation.html"]), "LPIPS");

        string config = setup.Config("run", 2, $"lpips_vgg: {setup["vgg.safetensors"]}\nlpips_lins: {setup["lins.safetensors"]}");
        File.WriteAllText(config, File.ReadAllText(config).Replace("lambda_lpips: 0", "lambda_lpips: 5", StringComparison.Ordinal));
        setup.Train(config).MustEnd(ExitCode.Success);
        Assert.IsTrue(MetricsLog.Read(setup["run/metrics.jsonl"])["G_lpips"].All(point => point.Value > 0));

        static string Lin(string name) =>
            name.Contains(".model.1.weight", StringComparison.Ordinal) ? name : $"{name.Split('.')[0]}.model.1.weight";
    }

    [TestMethod]
    public void A_true_image_of_twice_the_size_is_restored_to()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "pairs/lq/a.png", 40, 32);
        TestImages.Save(folder, "pairs/hq/a.png", 80, 64);
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs").MustEnd(ExitCode.Success);
        TestImages.Save(folder, "pairs/hq/a.png", 81, 64);
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs").MustEnd(ExitCode.BadFile).Error,
            "81x64"
        );
    }

    [TestMethod]
    public void What_is_missing_is_told()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "pairs/lq/a.png", 40, 32);
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs").MustEnd(ExitCode.BadFile).Error, "hq");
        Directory.CreateDirectory(folder["pairs/hq"]);
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs").MustEnd(ExitCode.BadFile).Error,
            "no counterpart");
        TestImages.Save(folder, "pairs/hq/a.png", 40, 32);
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", "nowhere", "--pairs", "pairs").MustEnd(ExitCode.BadFile).Error,
            "nowhere");
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano).MustEnd(ExitCode.Usage);
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs", "--images", "pairs").MustEnd(ExitCode.Usage);
        BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--pairs", "pairs").MustEnd(ExitCode.Usage);
        File.WriteAllText(folder["pairs/lq/a.png"], "no image");
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "evaluate", "--model", Nano, "--pairs", "pairs").MustEnd(ExitCode.BadFile).Error,
            "a.png"
        );
    }
}
