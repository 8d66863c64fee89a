using System.Diagnostics;
using Hypir.Testing;
using Hypir.Training.Logging;
using Tensorboard;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Whole runs of the program.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class TrainCommandTests
{
    private const int Kills = 4, LongKills = 50;

    [TestMethod]
    public void A_run_that_is_stopped_and_killed_ends_with_the_weights_of_one_that_was_not()
    {
        using var setup = new TrainingSetup(20);
        setup.Train(setup.Config("whole", 14)).MustEnd(ExitCode.Success);
        string expected = setup.Weights("whole/lora.safetensors"), discriminator = setup.Weights("whole/checkpoint-14/trainer.safetensors");
        Assert.AreEqual(expected, setup.Weights("whole/lora.pth"));
        Assert.AreEqual(expected, setup.Weights("whole/checkpoint-14/ema_state_dict.pth"));
        Assert.AreNotEqual(expected, setup.Weights("whole/checkpoint-14/state_dict.safetensors"));
        CollectionAssert.AreEquivalent(
            new[] { "checkpoint-12", "checkpoint-14" },
            Directory.GetDirectories(setup["whole"], "checkpoint-*").Select(Path.GetFileName).ToArray());

        string config = setup.Config("killed", 14);
        bool everything = Environment.GetEnvironmentVariable("HYPIR_LONG") == "1";
        var random = new Random(4);
        for (int kill = 0; kill < (everything ? LongKills : Kills); kill++)
        {
            // Some where the run stands still, some while a checkpoint is being written, most anywhere.
            if (!Interrupted(setup, config, random, kill))
                config = setup.Config($"killed{kill}", 14);
        }
        string output = Path.GetFileNameWithoutExtension(config);
        setup.Train(config).MustEnd(ExitCode.Success);
        Assert.AreEqual(expected, setup.Weights($"{output}/lora.safetensors"));
        Assert.AreEqual(discriminator, setup.Weights($"{output}/checkpoint-14/trainer.safetensors"));
        CollectionAssert.AreEqual(Figures(setup["whole/metrics.jsonl"]), Figures(setup[$"{output}/metrics.jsonl"]));
        Assert.IsEmpty(Directory.GetDirectories(setup[output], "*.tmp"));
        Restores(setup, "whole/lora");
    }

    [TestMethod]
    public void What_was_trained_restores_images_and_everything_is_there_to_look_at()
    {
        using var setup = new TrainingSetup(3);
        var run = setup
            .Train(setup.Config("out", 10, $"validation_path: {setup["photos"]}\nvalidation_steps: 5"))
            .MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Error, "validation");
        Assert.HasCount(3 * 4, Directory.GetFiles(setup["out/samples/00000010"]));
        string page = File.ReadAllText(setup["out/report.html"]);
        StringAssert.Contains(page, "validation/psnr");
        Assert.AreEqual(3 * 4, page.Split("data:image/jpeg;base64,").Length - 1);
        var curves = MetricsLog.Read(setup["out/metrics.jsonl"]);
        Assert.HasCount(10, curves["D"]);
        foreach (
            string name in new[]
            {
                "G_total",
                "G_mse",
                "G_charbonnier",
                "G_disc",
                "D_logits_real",
                "D_logits_fake",
                "grad_norm/conv_out_mse",
                "grad_norm/conv_out_disc",
                "validation/ssim",
            }
        )
            Assert.IsTrue(curves.ContainsKey(name), name);
        Assert.IsTrue(
            Events(setup["out/logs"])
                .SelectMany(one => one.Summary?.Value ?? [])
                .Any(value => value.Image is not null && value.Tag == "image/0/G_ema")
        );

        // The page's own model, with and without the weights.
        string measured = BuiltProgram
            .Trainer.Run(
                setup.Path, "evaluate", "--model", Goldens.Require("tiny-sd2"), "--lora", setup["out/lora.pth"], "--images", "photos")
            .MustEnd(ExitCode.Success)
            .Output;
        StringAssert.Contains(measured, "lora.pth");
        StringAssert.Contains(setup.Train(setup["out.yaml"]).MustEnd(ExitCode.Success).Error, "resumes from");
    }

    [TestMethod]
    public void A_small_model_is_trained_from_scratch_and_learns()
    {
        using var setup = new TrainingSetup(4);
        string config = setup.Config(
            "out",
            25,
            "train: from_scratch\nvalidation_path: "
                + setup["photos"]
                + "\nvalidation_steps: 5\nuse_ema: false\nlr_schedule: cosine\nlr_warmup_steps: 3"
        );
        string nano = NanoModel.Folder;
        File.WriteAllText(
            config,
            File.ReadAllText(config)
                .Replace(Goldens.Require("tiny-sd2"), nano, StringComparison.Ordinal)
                .Replace("lambda_lpips: 0", "lambda_lpips: 0\nlambda_gan: 0", StringComparison.Ordinal)
        );
        setup.Train(config).MustEnd(ExitCode.Success);
        var psnr = MetricsLog.Read(setup["out/metrics.jsonl"])["validation/psnr"];
        Assert.HasCount(5, psnr);
        Assert.IsGreaterThan(psnr[0].Value + 1, psnr[^1].Value, "It has learnt next to nothing.");
        BuiltProgram.Trainer.Run(setup.Path, "evaluate", "--model", setup["out/model"], "--images", "photos").MustEnd(ExitCode.Success);
    }

    [TestMethod]
    public void Two_runs_do_not_share_a_folder()
    {
        using var setup = new TrainingSetup(2);
        string config = setup.Config("out", 5);
        using (new Hypir.Training.RunFolders.RunFolder(setup["out"]))
            StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.CannotWrite).Error, "Another run");
    }

    [TestMethod]
    public void Broken_images_are_left_out_and_told()
    {
        using var setup = new TrainingSetup(3);
        File.WriteAllText(setup["photos/1.png"], "no image");
        StringAssert.Contains(setup.Train(setup.Config("out", 3)).MustEnd(ExitCode.Success).Error, "Skipped: ");
    }

    [TestMethod]
    public void An_image_that_vanishes_while_the_run_goes_on_is_left_out_and_told()
    {
        using var setup = new TrainingSetup(3);
        using var process = BuiltProgram.Trainer.Start(setup.Path, "train", setup.Config("out", 20));
        Polling.Until(() => process.HasExited || Lines(setup["out"]) > 0);
        File.Delete(setup["photos/1.png"]);
        StringAssert.Contains(BuiltProgram.Finish(process).MustEnd(ExitCode.Success).Error, "Skipped: " + setup["photos/1.png"]);
    }

    [TestMethod]
    public void Steps_that_are_not_finite_end_the_run_with_the_batch_to_look_at()
    {
        using var setup = new TrainingSetup(3);
        string config = setup.Config("out", 10);
        File.WriteAllText(
            config,
            File.ReadAllText(config)
                .Replace("lambda_charbonnier: 0.5", "lambda_l2: 1e6\nlambda_frequency: 1e6", StringComparison.Ordinal)
                .Replace("lr_G: 1e-3", "lr_G: 1", StringComparison.Ordinal) + "\nopt_kwargs: {eps: 1e-12, weight_decay: 1e6}\n"
        );
        var run = setup.Train(config);
        StringAssert.Contains(run.MustEnd(ExitCode.BadFile).Error, "in a row were not finite");
        StringAssert.Contains(run.Error, "is skipped");
        Assert.IsTrue(File.Exists(setup["out/failed-batch.jsonl"]));
        BuiltProgram.Trainer.Run(setup.Path, "degrade", "--replay", "out/failed-batch.jsonl", "-o", "again").MustEnd(ExitCode.Success);
    }

    [TestMethod]
    public void A_checkpoint_of_another_training_is_refused_and_a_damaged_one_is_skipped()
    {
        using var setup = new TrainingSetup(2);
        string config = setup.Config("out", 4);
        setup.Train(config).MustEnd(ExitCode.Success);
        File.AppendAllText(setup["out/checkpoint-4/trainer.safetensors"], "x");
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.Success).Error, "checkpoint-4 is skipped");
        File.WriteAllText(config, File.ReadAllText(config).Replace("lora_rank: 4", "lora_rank: 2", StringComparison.Ordinal));
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.BadFile).Error, "another training");
    }

    [TestMethod]
    public void What_a_configuration_names_and_is_not_there_is_told()
    {
        using var setup = new TrainingSetup(1);
        string good = File.ReadAllText(setup.Config("out", 2));
        void Refused(string find, string replace, ExitCode code, string words)
        {
            Assert.IsTrue(good.Contains(find, StringComparison.Ordinal));
            string config = setup["bad.yaml"];
            File.WriteAllText(config, good.Replace(find, replace, StringComparison.Ordinal));
            StringAssert.Contains(setup.Train(config).MustEnd(code).Error, words);
        }

        Refused("tower.safetensors", "nothing.safetensors", ExitCode.BadFile, "nothing.safetensors");
        Refused(
            $"discriminator_tower: {setup["tower.safetensors"]}",
            $"discriminator_tower: {Goldens.Require("tiny-lora", "state_dict.safetensors")}", ExitCode.BadFile, "no ConvNeXt");
        Refused("lambda_lpips: 0", "lambda_lpips: 5", ExitCode.BadFile, "hypir models pull vgg16");
        Refused("device: cpu", "device: cuda:9", ExitCode.Usage, "cuda:9");
        Refused("base_model_path: ", "base_model_path: nowhere", ExitCode.BadFile, "nowhere");
        Refused("lora_rank: 4", "lora_rang: 4", ExitCode.Usage, "lora_rang");
        Refused(setup["photos"], setup["nothing"], ExitCode.BadFile, "nothing");
    }

    /// <summary>The program restores with weights of either format, and with the model that is made of them.</summary>
    private static void Restores(TrainingSetup setup, string lora)
    {
        string model = Goldens.Require("tiny-sd2");
        byte[] Restored(params string[] options)
        {
            BuiltProgram
                .Engine.Run(setup.Path, ["restore", "photos/0.png", "-o", "restored.png", "--overwrite", .. options])
                .MustEnd(ExitCode.Success);
            return File.ReadAllBytes(setup["restored.png"]);
        }

        byte[] with = Restored("--model", model, "--lora", lora + ".safetensors");
        CollectionAssert.AreEqual(with, Restored("--model", model, "--lora", lora + ".pth"));
        CollectionAssert.AreNotEqual(with, Restored("--model", model));
        BuiltProgram.Engine.Run(setup.Path, "models", "add", model, "--name", "tiny").MustEnd(ExitCode.Success);
        BuiltProgram
            .Engine.Run(setup.Path, "models", "add", lora + ".safetensors", "--name", "mine", "--base", "tiny")
            .MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(with, Restored("--model", "mine"));
        // The trainer knows the store's names as well.
        string measured = BuiltProgram
            .Trainer.Run(setup.Path, "evaluate", "--model", "mine", "--baseline", "tiny", "--images", "photos")
            .MustEnd(ExitCode.Success)
            .Output;
        StringAssert.Contains(measured, "mine");
        string config = setup.Config("named", 2);
        File.WriteAllText(config, File.ReadAllText(config).Replace(model, "tiny", StringComparison.Ordinal));
        setup.Train(config).MustEnd(ExitCode.Success);
        File.WriteAllText(
            config, File.ReadAllText(config).Replace("base_model_path: tiny", "base_model_path: mine", StringComparison.Ordinal));
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.BadFile).Error, "is a set of LoRA weights");
    }

    [TestMethod]
    public void A_disk_that_fills_ends_a_run_and_leaves_the_checkpoint_before()
    {
        using var setup = new TrainingSetup(2);
        using var disk = new SmallDisk(setup["out"], 6);
        string config = setup.Config("out", 6);
        StringAssert.Matches(setup.Train(config).MustEnd(ExitCode.CannotWrite).Error, new(@"About \d+ MB are missing"));
        Assert.AreEqual(setup["out/checkpoint-2"], Directory.GetDirectories(setup["out"], "checkpoint-*").Single());
        disk.Resize(100);
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.Success).Error, "resumes from " + setup["out/checkpoint-2"]);
    }

    private static string[] Figures(string log) =>
        [.. MetricsLog.Read(log).SelectMany(curve => curve.Value.Select(point => $"{curve.Key} {point.Step} {point.Value:R}"))];

    /// <summary>Ends a run somewhere.</summary>
    /// <returns>Whether it was still running.</returns>
    private static bool Interrupted(TrainingSetup setup, string config, Random random, int kill)
    {
        using var process = BuiltProgram.Trainer.Start(setup.Path, "train", config);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        string folder = setup[Path.GetFileNameWithoutExtension(config)];
        int wait = random.Next(3);
        string? before = Newest(folder);
        // What the run itself does decides when: after a checkpoint, in the middle of one, or some batches later.
        int batches = random.Next(1, 6);
        long lines = Lines(folder);
        bool Due() => wait switch
        {
            0 => Newest(folder) != before,
            1 => Directory.Exists(folder) && Directory.EnumerateDirectories(folder, "*.tmp").Any(),
            _ => Lines(folder) >= lines + batches || (lines > 0 && Lines(folder) != lines && Lines(folder) >= batches),
        };
        Polling.Until(() => process.HasExited || Due());
        bool running = !process.HasExited;
        if (kill % 2 == 1 && !OperatingSystem.IsWindows())
            Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        else if (running)
            process.Kill();
        process.WaitForExit();
        Task.WaitAll(error, output);
        // A signal that came before the program listens ends it without a word.
        if (running && kill % 2 == 1 && process.ExitCode == (int)ExitCode.Cancelled && error.Result.Length > 0)
            StringAssert.Contains(error.Result, "Stopped and saved");
        return running && process.ExitCode != 0;
    }

    private static string? Newest(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder, "checkpoint-*")
                .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))
                .Max(path => path)
            : null;

    private static long Lines(string folder)
    {
        string log = Path.Combine(folder, "metrics.jsonl");
        try
        {
            return File.Exists(log) ? File.ReadLines(log).LongCount() : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<Event> Events(string folder)
    {
        foreach (string path in Directory.GetFiles(folder))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int at = 0; at < file.Length;)
            {
                int length = BitConverter.ToInt32(file, at);
                yield return Event.Parser.ParseFrom(file, at + 12, length);
                at += 16 + length;
            }
        }
    }
}
