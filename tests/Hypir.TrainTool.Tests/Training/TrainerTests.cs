using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using Hypir.Training.Loop;
using Hypir.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>What a training does beyond the recorded runs, on the recorded runs' networks.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Golden")]
public sealed class TrainerTests : TensorTest
{
    /// <summary>Settings that these tests need whatever the recorded runs had.</summary>
    private static readonly TrainingSettings Plain = new()
    {
        GeneratorOptimizer = new AdamWSettings { LearningRate = 1e-3 },
        DiscriminatorOptimizer = new AdamWSettings { LearningRate = 1e-3 },
    };

    [TestMethod]
    public void Checkpointing_takes_the_same_steps()
    {
        using var scope = NewDisposeScope();
        using var kept = Run(Plain);
        using var repeated = Run(Plain with { Checkpointing = true });
        for (int i = 0; i < 2; i++)
        {
            StepReport expected = Step(kept, i)[0], actual = Step(repeated, i)[0];
            Assert.AreEqual(expected.GradientNorm!.Value, actual.GradientNorm!.Value, 1e-10 * expected.GradientNorm.Value);
        }

        // AdamW's first moment is the gradient; its first step is nearly a sign and would hide differences.
        double worst = kept.Trainer.GeneratorOptimizer.State.Where(s => s.Key.StartsWith("exp_avg/", StringComparison.Ordinal))
            .Max(s => Numbers.AssertClose(s.Value, repeated.Trainer.GeneratorOptimizer.State[s.Key], 1e-10, s.Key));
        Console.WriteLine($"worst gradient: {worst:g2}");
    }

    [TestMethod]
    public void Restored_in_the_middle_of_an_accumulation_it_goes_on_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "state.safetensors");
        const int Saved = 3, End = 6;
        IReadOnlyDictionary<string, Tensor> expected;
        using (var whole = Run(Plain with { Accumulation = 2 }))
        {
            for (int i = 0; i < End; i++)
            {
                if (i == Saved)
                    Save(whole.Trainer, path);
                Step(whole, i);
            }

            expected = TrainerState.Capture(whole.Trainer).ToDictionary(e => e.Key, e => e.Value.clone());
        }

        using var resumed = Run(Plain with { Accumulation = 2 });
        using (var file = SafetensorsFile.Open(path))
        {
            // The third batch belongs to the discriminator and completed nothing: its gradients wait.
            Assert.IsTrue(file.Tensors.Keys.Any(key => key.StartsWith("gradient/discriminator/", StringComparison.Ordinal)));
            TrainerState.Restore(resumed.Trainer, file);
        }

        for (int i = Saved; i < End; i++)
            Step(resumed, i);
        IReadOnlyDictionary<string, Tensor> actual = TrainerState.Capture(resumed.Trainer);
        CollectionAssert.AreEquivalent(expected.Keys.ToArray(), actual.Keys.ToArray());
        foreach ((string name, Tensor tensor) in expected)
            Assert.IsTrue(tensor.equal(actual[name]).all().item<bool>(), name);
    }

    [TestMethod]
    public void The_state_of_another_training_is_refused_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "state.safetensors");
        using var run = Run(Plain);
        using var other = Run(Plain with { EmaDecay = null });
        Save(other.Trainer, path);
        Step(run, 0);
        using var file = SafetensorsFile.Open(path);
        TrainingException error = Assert.ThrowsExactly<TrainingException>(() => TrainerState.Restore(run.Trainer, file));
        StringAssert.Contains(error.Message, "average/");
        Assert.AreEqual(1, run.Trainer.Counters.Batches);
    }

    [TestMethod]
    public void Joint_steps_train_both_on_one_batch_and_are_another_training()
    {
        using var scope = NewDisposeScope();
        using var alternating = Run(Plain);
        using var joint = Run(Plain with { Schedule = TrainingSchedule.Joint });
        IReadOnlyList<StepReport> first = Step(alternating, 0), both = Step(joint, 0);
        Assert.HasCount(1, first);
        CollectionAssert.AreEqual(new[] { StepSide.Generator, StepSide.Discriminator }, both.Select(r => r.Side).ToArray());
        Assert.AreEqual(1, joint.Trainer.Counters.Steps);
        // The generator's first step is the same one; from the discriminator's on they part.
        foreach ((string name, double loss) in first[0].Losses)
            Assert.AreEqual(loss, both[0].Losses[name], 1e-12 * loss, name);
        for (int i = 1; i < 4; i++)
        {
            string told = string.Join(" ", Step(alternating, i).Select(r => $"{r.Side} {r.Losses.Values.Last():g6}"));
            Console.WriteLine(
                $"batch {i}: alternating {told}; joint "
                    + $"{string.Join(" ", Step(joint, i).Select(r => $"{r.Side} {r.Losses.Values.Last():g6}"))}"
            );
        }

        Assert.AreEqual(2, alternating.Trainer.Counters.Steps);
        Assert.AreEqual(4, joint.Trainer.Counters.Steps);
        Parameter[] one = [.. alternating.Trainer.Generator.ByName.Values], two = [.. joint.Trainer.Generator.ByName.Values];
        Assert.IsTrue(one.Zip(two).Any(pair => Numbers.RelativeError(pair.First.detach(), pair.Second.detach()) > 1e-3));
    }

    [TestMethod]
    public void A_step_that_is_not_finite_is_skipped_and_changes_no_parameter()
    {
        using var scope = NewDisposeScope();
        using var run = Run(Plain);
        double[] before = [.. run.Trainer.Generator.ByName.Values.Select(p => p.sum().item<double>())];
        using (PreparedBatch good = run.Batch(0))
        {
            using var bad = new PreparedBatch(good.Target * double.NaN, good.Latent.alias(), good.Text.alias());
            StepReport report = run.Trainer.Step(bad)[0];
            Assert.IsTrue(report.Skipped);
        }

        CollectionAssert.AreEqual(before, run.Trainer.Generator.ByName.Values.Select(p => p.sum().item<double>()).ToArray());
        Assert.AreEqual(0, run.Trainer.GeneratorOptimizer.Steps);
        Step(run, 1);
        Assert.IsFalse(Step(run, 2)[0].Skipped);
    }

    [TestMethod]
    public void Looking_at_images_and_gradients_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var run = Run(Plain with { Accumulation = 2 });
        for (int i = 0; i < 5; i++)
            Step(run, i);
        using PreparedBatch batch = run.Batch(5);
        IReadOnlyDictionary<string, Tensor> before = TrainerState.Capture(run.Trainer).ToDictionary(e => e.Key, e => e.Value.clone());
        Assert.IsTrue(before.Keys.Any(key => key.StartsWith("gradient/generator/", StringComparison.Ordinal)), "Gradients wait.");
        Tensor now = TrainingViews.Generate(run.Trainer, batch), average = TrainingViews.Generate(run.Trainer, batch, average: true);
        Assert.IsGreaterThan(1e-6, Numbers.RelativeError(now, average), "The average lags behind.");
        Assert.IsTrue(now.equal(TrainingViews.Generate(run.Trainer, batch)).all().item<bool>());
        TrainingViews.GradientNorms(run.Trainer, batch, _ => true);
        IReadOnlyDictionary<string, Tensor> after = TrainerState.Capture(run.Trainer);
        CollectionAssert.AreEquivalent(before.Keys.ToArray(), after.Keys.ToArray());
        foreach ((string name, Tensor tensor) in before)
            Assert.IsTrue(tensor.equal(after[name]).all().item<bool>(), name);
    }

    [TestMethod]
    public void No_tensor_is_left_after_a_step()
    {
        using var scope = NewDisposeScope();
        foreach (TrainingSchedule schedule in Enum.GetValues<TrainingSchedule>())
        {
            using var run = Run(Plain with { Schedule = schedule, Checkpointing = schedule == TrainingSchedule.Joint });
            Step(run, 0);
            Step(run, 1);
            long before = LiveTensors;
            Step(run, 2);
            Step(run, 3);
            Assert.AreEqual(before, LiveTensors, $"{schedule}");
        }
    }

    private static IReadOnlyList<StepReport> Step(TraceRun run, int step)
    {
        using PreparedBatch batch = run.Batch(step);
        return run.Trainer.Step(batch);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Frozen_networks_in_bfloat16_train_what_is_in_float32(bool checkpointing)
    {
        using var scope = NewDisposeScope();
        TrainingSettings settings = Plain with { Checkpointing = checkpointing };
        using TraceRun exact = Run(settings);
        using var narrow = new TraceRun((string)TraceGoldenTests.Traces().First()[0], settings, ScalarType.BFloat16, ScalarType.Float32);
        for (int i = 0; i < 3; i++)
        {
            StepReport expected = Step(exact, i)[0],
                actual = Step(narrow, i)[0];
            Console.WriteLine(
                string.Join(", ", expected.Losses.Select(loss => $"{loss.Key} {loss.Value:g4} {actual.Losses[loss.Key]:g4}")));
            // bfloat16 has 8 bits: images differ by about 2^-8, and so do the distances from them.
            foreach (string loss in new[] { "G_mse", "G_lpips" }.Where(expected.Losses.ContainsKey))
                Assert.AreEqual(expected.Losses[loss], actual.Losses[loss], 0.03 * expected.Losses[loss], loss);
            Assert.IsFalse(actual.Skipped);
        }

        Assert.IsTrue(
            narrow
                .Trainer.Generator.ByName.Values.Concat(narrow.Trainer.Discriminator!.ByName.Values)
                .All(p => p.dtype == ScalarType.Float32)
        );
        Assert.AreEqual(ScalarType.BFloat16, narrow.Networks.UNetType);
        Assert.IsGreaterThan(
            1e-4,
            Numbers.RelativeError(exact.Trainer.Average!.ByName.Values.Last(), narrow.Trainer.Generator.ByName.Values.Last().detach()),
            "It learned.");
    }

    /// <summary>The networks and batches of the first recorded run, trained otherwise.</summary>
    private static TraceRun Run(TrainingSettings settings) => new((string)TraceGoldenTests.Traces().First()[0], settings);

    private static void Save(Trainer trainer, string path)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(path, TrainerState.Capture(trainer));
    }
}
