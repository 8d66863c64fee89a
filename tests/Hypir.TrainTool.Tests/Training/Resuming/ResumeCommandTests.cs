using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Training.Resuming;

/// <summary>The program continues runs whose surroundings have changed.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ResumeCommandTests
{
    [TestMethod]
    public void Changes_are_listed_refused_without_yes_and_trained_with_after_it()
    {
        using var setup = new TrainingSetup(3);
        string config = setup.Config("out", 2);
        setup.Train(config).MustEnd(ExitCode.Success);
        foreach (int image in Enumerable.Range(0, 2))
            File.Copy(setup[$"photos/{image}.png"], setup.File("others", $"{image}.png"));
        string model = setup.Model("model");
        using (var weights = new FileStream(Path.Combine(model, "unet", "diffusion_pytorch_model.safetensors"), FileMode.Open))
        {
            // The lowest bits of the last number.
            weights.Seek(-4, SeekOrigin.End);
            weights.WriteByte(0x55);
        }
        Edit(
            config,
            (Goldens.Require("tiny-sd2"), model),
            ("file_list: " + setup["photos"], "file_list: " + setup["others"]),
            ("out_size: 64", "out_size: 96"),
            ("queue_size: 5", "queue_size: 3"),
            ("lora_rank: 4", "lora_rank: 4\nseed: 7\nuse_ema: false"),
            ("max_train_steps: 2", "max_train_steps: 3")
        );
        var before = TestImages.Contents(setup["out"]);
        string told = setup.Train(config).MustEnd(ExitCode.Usage).Error;
        foreach (
            string change in new[]
            {
                "base model: files ",
                "pictures: 3 ",
                "out_size: 64 → 96",
                "queue_size: 5 → 3",
                "seed: 231 → 7",
                "use_ema: true → false",
                "--yes",
                "--restart",
            }
        )
            StringAssert.Contains(told, change);
        Assert.IsFalse(told.Contains("max_train_steps", StringComparison.Ordinal));
        CollectionAssert.AreEquivalent(before.ToArray(), TestImages.Contents(setup["out"]).ToArray());

        var run = setup.Train(config, "--yes").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Error, "seed: 231 → 7");
        StringAssert.Contains(run.Error, "pairs in the checkpoint's shuffle pool are dropped");
        StringAssert.Contains(run.Error, $"resumes from {setup["out/checkpoint-2"]}");
        // The checkpoint that was saved has the new values.
        Edit(config, ("max_train_steps: 3", "max_train_steps: 4"), ("queue_size: 3", "queue_size: 0"));
        string next = setup.Train(config).MustEnd(ExitCode.Usage).Error;
        StringAssert.Contains(next, "queue_size: 3 → 0");
        Assert.IsFalse(next.Contains("seed", StringComparison.Ordinal), next);
        setup.Train(config, "--yes").MustEnd(ExitCode.Success);
    }

    [TestMethod]
    public void Without_its_shuffle_pool_a_run_continues_and_without_more_it_is_left_alone()
    {
        using var setup = new TrainingSetup(2);
        string config = setup.Config("out", 2);
        setup.Train(config).MustEnd(ExitCode.Success);
        File.Delete(setup["out/checkpoint-2/queue.safetensors"]);
        Edit(config, ("max_train_steps: 2", "max_train_steps: 3"));
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.Usage).Error, "queue.safetensors");
        StringAssert.Contains(setup.Train(config, "--yes").MustEnd(ExitCode.Success).Error, $"resumes from {setup["out/checkpoint-2"]}");

        foreach (string checkpoint in Directory.GetDirectories(setup["out"], "checkpoint-*"))
            File.AppendAllText(Path.Combine(checkpoint, "trainer.safetensors"), "x");
        var before = TestImages.Contents(setup["out"]);
        string told = setup.Train(config, "--yes").MustEnd(ExitCode.BadFile).Error;
        foreach (
            string found in new[]
            {
                "checkpoint-3 (its file trainer.safetensors is damaged)",
                "checkpoint-2",
                "lora.safetensors",
                "metrics.jsonl up to step 3",
            }
        )
            StringAssert.Contains(told, found);
        CollectionAssert.AreEquivalent(before.ToArray(), TestImages.Contents(setup["out"]).ToArray());

        Edit(config, ("max_train_steps: 3", "max_train_steps: 1"));
        setup.Train(config, "--restart").MustEnd(ExitCode.Success);
        CollectionAssert.AreEquivalent(before.ToArray(), TestImages.Contents(setup["out/earlier-run-1"]).ToArray());
        Assert.IsTrue(Directory.Exists(setup["out/checkpoint-1"]));
    }

    [TestMethod]
    public void What_is_named_and_is_no_checkpoint_is_a_bad_file()
    {
        using var setup = new TrainingSetup(1);
        string config = setup.Config("out", 2, $"resume_from_checkpoint: {setup["nope"]}");
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.BadFile).Error, "there is no such folder");
    }

    private static void Edit(string file, params (string Find, string Replace)[] edits)
    {
        string text = File.ReadAllText(file);
        foreach (var (find, replace) in edits)
        {
            Assert.IsTrue(text.Contains(find, StringComparison.Ordinal), find);
            text = text.Replace(find, replace, StringComparison.Ordinal);
        }
        File.WriteAllText(file, text);
    }
}
