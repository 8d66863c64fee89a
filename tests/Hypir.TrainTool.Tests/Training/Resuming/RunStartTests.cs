using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Loop;
using Hypir.Training.Resuming;
using Hypir.Training.RunFolders;

namespace Hypir.TrainTool.Tests.Training.Resuming;

/// <summary>Where runs start, by what their folder holds.</summary>
[TestClass]
public sealed class RunStartTests
{
    private static readonly TrainSettings Settings = new() { CheckpointingSteps = 2, LambdaGan = 0, LambdaLpips = 0 };

    [TestMethod]
    [DataRow("an empty folder", "")]
    [DataRow("files of others", "notes.txt=mine;checkpoint-best/x=1")]
    [DataRow("a log without a line", "metrics.jsonl=")]
    public void A_new_run_starts_where_there_is_none(string what, string files)
    {
        using var folder = new TemporaryFolder();
        Lay(folder, files);
        var before = TestImages.Contents(folder.Path);
        var (start, notes, asked) = Start(folder, Settings);
        Assert.IsNull(start.Checkpoint, what);
        Assert.IsEmpty(notes);
        Assert.IsEmpty(asked);
        CollectionAssert.AreEquivalent(before.ToArray(), TestImages.Contents(folder.Path).ToArray());
    }

    [TestMethod]
    [DataRow("lora.safetensors=x", "lora.safetensors")]
    [DataRow("lora.pth=x", "lora.pth")]
    [DataRow("metrics.jsonl={\"step\": 3, \"batch\": 6, \"D\": 1}\n", "metrics.jsonl up to step 3")]
    [DataRow("checkpoint-4/state_dict.safetensors=x", "checkpoint-4 (it was not finished)")]
    [DataRow("checkpoint-500/state_dict.pth=x;checkpoint-500/optimizer.bin=x", "checkpoint-500 (the Python trainer wrote it)")]
    [DataRow("checkpoint-500/state_dict.pth=x;checkpoint-500/random_states_0.pkl=x", "lora_init: ")]
    public void Traces_of_a_run_are_never_overwritten_and_restart_moves_them_aside(string files, string told)
    {
        using var folder = new TemporaryFolder();
        Lay(folder, files + ";notes.txt=mine");
        var before = TestImages.Contents(folder.Path);
        var refused = Assert.ThrowsExactly<TrainingException>(() => Start(folder, Settings));
        StringAssert.Contains(refused.Message + refused.Remedy, told);
        StringAssert.Contains(refused.Message, folder.Path);
        StringAssert.Contains(refused.Remedy, "--restart");
        CollectionAssert.AreEquivalent(before.ToArray(), TestImages.Contents(folder.Path).ToArray());

        for (int time = 1; time <= 2; time++)
        {
            var (start, notes, _) = Start(folder, Settings, restart: true);
            Assert.IsNull(start.Checkpoint);
            StringAssert.Contains(notes.Single(), folder[$"earlier-run-{time}"]);
            foreach (var (name, content) in before.Where(file => file.Key != "notes.txt"))
                Assert.AreEqual(content, TestImages.Contents(folder[$"earlier-run-{time}"])[name]);
            Assert.IsTrue(File.Exists(folder["notes.txt"]), "A file that no run writes was moved.");
            Lay(folder, files);
        }
    }

    [TestMethod]
    public void A_run_that_was_killed_before_its_first_checkpoint_begins_anew_and_its_log_is_kept()
    {
        using var folder = new TemporaryFolder();
        const string Log = "{\"step\": 2, \"batch\": 4, \"D\": 1}\n";
        Lay(folder, $"metrics.jsonl={Log};checkpoint-2.tmp/state_dict.pth=x;logs/events=x");
        var (start, notes, _) = Start(folder, Settings);
        Assert.IsNull(start.Checkpoint);
        StringAssert.Contains(notes.Single(), folder["earlier-run-1"]);
        Assert.AreEqual(Log, File.ReadAllText(folder["earlier-run-1/metrics.jsonl"]));
        Assert.IsTrue(File.Exists(folder["earlier-run-1/logs/events"]));
    }

    [TestMethod]
    public void Where_only_queues_are_damaged_the_newest_such_checkpoint_can_be_continued()
    {
        using var folder = new TemporaryFolder();
        Save(folder, 2);
        Save(folder, 4);
        Save(folder, 6);
        File.AppendAllText(folder["checkpoint-6/trainer.safetensors"], "x");
        File.AppendAllText(folder["checkpoint-4/queue.safetensors"], "x");
        Assert.AreEqual(2, Start(folder, Settings).Start.Checkpoint!.Step, "A whole one comes first.");
        File.Delete(folder["checkpoint-2/queue.safetensors"]);
        var (start, notes, asked) = Start(folder, Settings);
        Assert.AreEqual(4, start.Checkpoint!.Step);
        Assert.IsTrue(start.Checkpoint.QueueLost);
        Assert.HasCount(3, notes);
        StringAssert.Contains(asked.Single(), "queue.safetensors");
        Assert.IsTrue(Start(folder, Settings with { ResumeFromCheckpoint = folder["checkpoint-2"] }).Start.Checkpoint!.QueueLost);
        File.Delete(folder["checkpoint-2/trainer.safetensors"]);
        File.Delete(folder["checkpoint-4/trainer.safetensors"]);
        StringAssert.Contains(Assert.ThrowsExactly<TrainingException>(() => Start(folder, Settings)).Message, "checkpoint-4 (its file");
    }

    [TestMethod]
    public void Changes_are_listed_and_asked_for_and_some_are_refused()
    {
        using var folder = new TemporaryFolder();
        Save(folder, 2);
        Assert.IsEmpty(Start(folder, Settings with { MaxTrainSteps = 7, Device = "cpu" }).Asked);
        var asked = Start(folder, Settings with { Data = Settings.Data with { Seed = 7, QueueSize = 3 }, UseEma = false }).Asked;
        CollectionAssert.AreEquivalent(
            new[] { "seed: 231 → 7", "data_config.train.batch_transform.params.queue_size: 256 → 3", "use_ema: true → false" }, asked);
        StringAssert.Contains(
            Assert.ThrowsExactly<TrainingException>(() => Start(folder, Settings with { LoraRank = 2 })).Message,
            "another training: lora_rank: 256 → 2");
        var cosine = Settings with { LearningRateSchedule = LearningRateSchedule.Cosine };
        Save(folder, 4, cosine);
        StringAssert.Contains(Start(folder, cosine with { MaxTrainSteps = 7 }).Notes.Single(), "max_train_steps was 30000");
    }

    [TestMethod]
    public void A_checkpoint_of_an_earlier_version_continues_with_a_note()
    {
        using var folder = new TemporaryFolder();
        new TrainCheckpoints(folder.Path).Save(2, null, 0, path => File.WriteAllText(Path.Combine(path, "trainer.safetensors"), "x"));
        var (start, notes, asked) = Start(folder, Settings with { Data = Settings.Data with { Seed = 7 } });
        Assert.AreEqual(2, start.Checkpoint!.Step);
        StringAssert.Contains(notes.Single(), "cannot be checked");
        Assert.IsEmpty(asked);
    }

    [TestMethod]
    public void A_checkpoint_from_elsewhere_needs_a_folder_without_a_run()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        Save(other, 2);
        var settings = Settings with { ResumeFromCheckpoint = other["checkpoint-2"] + Path.DirectorySeparatorChar };
        Assert.AreEqual(2, Start(folder, settings).Start.Checkpoint!.Step);
        Save(folder, 4);
        StringAssert.Contains(
            Assert.ThrowsExactly<TrainingException>(() => Start(folder, settings)).Remedy, "resume_from_checkpoint: latest");
        Assert.AreEqual(4, Start(folder, settings with { ResumeFromCheckpoint = "latest" }).Start.Checkpoint!.Step);
        Assert.AreEqual(4, Start(folder, settings with { ResumeFromCheckpoint = folder["checkpoint-4"] }).Start.Checkpoint!.Step);
        Directory.Move(other["checkpoint-2"], other["best"]);
        Directory.Delete(folder["checkpoint-4"], recursive: true);
        Assert.AreEqual(
            2,
            Start(folder, settings with { ResumeFromCheckpoint = other["best"] }).Start.Checkpoint!.Step,
            "A checkpoint may be renamed."
        );
        Assert.ThrowsExactly<UsageException>(() => Start(folder, settings, restart: true));
    }

    [TestMethod]
    [DataRow("nope", "no such folder")]
    [DataRow("a-file", "is a file")]
    [DataRow("run", "checkpoint-6, checkpoint-2")]
    [DataRow("python", "lora_init: ")]
    [DataRow("python-run/checkpoint-500", "ema_state_dict.pth")]
    [DataRow("", "it was not finished")]
    [DataRow("x", "no such folder")]
    public void What_is_no_checkpoint_is_told_for_what_it_is(string path, string told)
    {
        using var folder = new TemporaryFolder();
        using var others = new TemporaryFolder();
        Lay(
            others,
            "a-file=x;python/state_dict.pth=x;python-run/checkpoint-500/ema_state_dict.pth=x;python-run/checkpoint-500/optimizer.bin=x");
        Save(others, 2, name: "run");
        Save(others, 6, name: "run");
        var refused = Assert.ThrowsExactly<TrainingException>(() => Start(folder, Settings with { ResumeFromCheckpoint = others[path] }));
        StringAssert.Contains(refused.Message + refused.Remedy, told);
    }

    private static (RunStart Start, List<string> Notes, string[] Asked) Start(
        TemporaryFolder folder, TrainSettings settings, bool restart = false)
    {
        using var run = new RunFolder(folder.Path);
        var notes = new List<string>();
        string[] asked = [];
        var start = RunStart.Of(
            settings, run, () => new(ConfigFile.Values(settings)), restart, notes.Add, (_, changes) => asked = [.. changes]);
        return (start, notes, asked);
    }

    private static void Save(TemporaryFolder folder, long step, TrainSettings? settings = null, string name = "") =>
        new TrainCheckpoints(folder[name]).Save(step, null, 0, path =>
        {
            File.WriteAllText(Path.Combine(path, "trainer.safetensors"), $"{step}");
            File.WriteAllText(Path.Combine(path, "queue.safetensors"), $"{step}");
            new RunIdentity(ConfigFile.Values(settings ?? Settings)).Write(path);
        });

    private static void Lay(TemporaryFolder folder, string files)
    {
        foreach (string file in files.Split(';', StringSplitOptions.RemoveEmptyEntries))
            folder.Write(file.Split('=', 2)[0], file.Split('=', 2)[1]);
    }
}
