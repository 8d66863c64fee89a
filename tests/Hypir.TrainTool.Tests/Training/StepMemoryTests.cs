using Hypir.Training.Planning;
using Hypir.TrainTool.Tests.Training.Measuring;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Plans of training steps against the memory that real steps take, in processes of their own.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class StepMemoryTests
{
    private const double Allowed = 0.15;

    [TestMethod]
    public void Checkpointing_takes_the_memory_that_it_plans_and_less_than_without()
    {
        (long repeated, long kept) = (Check(StepShapes.Repeated, 2), Check(StepShapes.Kept, 1));
        Console.WriteLine($"activations kept {kept >> 20} MiB, computed again {repeated >> 20} MiB");
        // Weights and optimizer state, which both hold, are most of the memory at this size.
        Assert.IsLessThan(0.85 * kept, repeated);
    }

    [TestMethod]
    public void Accumulation_and_another_network_take_what_they_plan() => Check(StepShapes.Shallow, 3);

    /// <summary>Opt-in (HYPIR_FULL_SIZE=1): it takes minutes and 14 GB.</summary>
    [TestMethod]
    [TestCategory("FullSize")]
    public void A_step_at_the_size_of_Stable_Diffusion_takes_what_it_plans()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_FULL_SIZE") != "1")
            Assert.Inconclusive("Set HYPIR_FULL_SIZE=1 to run this test: it needs minutes and 14 GB.");
        Check(StepShapes.Full, 2);
    }

    /// <summary>The operation counts of one 512 tile at Stable Diffusion 2.1's size, by PyTorch's own counter.</summary>
    [TestMethod]
    public void Operations_at_the_size_of_Stable_Diffusion_are_those_that_PyTorch_counts()
    {
        TrainingPlan plan = TrainingPlan.Of(StepShapes.Of(StepShapes.Full));
        foreach (string line in plan.Lines())
            Console.WriteLine(line);
        var parts = plan.GeneratorOperations.ToDictionary(part => part.Name, part => part.Amount / 1e9);
        Near(1117, parts["VAE encoding"]);
        Near(804, parts["UNet forward"]);
        Near(1188 - 804, parts["LoRA forward"]);
        Near(2515, parts["VAE decoding forward"]);
        // The whole UNet's and the released adapters' parameters.
        Near(4 * 865.9e6 / (1 << 20), plan.Resident.Single(part => part.Name == "UNet weights").Amount / (1 << 20));
        Near(4 * 259.47e6 / (1 << 20), plan.Resident.Single(part => part.Name == "LoRA parameters").Amount / (1 << 20));

        static void Near(double expected, double actual) => Assert.AreEqual(expected, actual, 0.01 * expected);
    }

    private static long Check(string name, int batches)
    {
        StepMeasure measured = StepRun.Start(name, batches);
        Assert.AreEqual(0, measured.TensorsLeft);
        TrainingShape shape = StepShapes.Of(name);
        long peak = measured.Peaks.Max(), planned = TrainingPlan.Of(shape).PeakBytes;
        // The plan counts columns for an image on each thread at once. Whether the threads' largest columns are alive together is up to the
        // system's scheduler, and on a busy machine they may follow one another: then a single thread's columns are what is taken.
        long least = TrainingPlan.Of(shape with { Unfolded = Math.Min(1, shape.Unfolded) }).PeakBytes;
        Console.WriteLine(
            $"{name}: planned {least >> 20} to {planned >> 20} MiB, measured {peak >> 20} MiB: {(double)planned / peak - 1:p1}");
        Assert.IsGreaterThanOrEqualTo((1 - Allowed) * peak, planned, $"{name}: the plan is more than {Allowed:p0} too low.");
        Assert.IsLessThanOrEqualTo((1 + Allowed) * peak, least, $"{name}: the plan is more than {Allowed:p0} too high.");
        return peak;
    }
}
