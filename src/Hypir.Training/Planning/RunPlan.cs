using System.Diagnostics;
using System.Globalization;
using Hypir.Networks.Discriminator;
using Hypir.Training.Config;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Planning;

/// <summary>The cost of a whole run according to its configuration.</summary>
/// <param name="Settings">The configuration.</param>
/// <param name="Step">One step.</param>
/// <param name="OnGpu">Whether the memory is a GPU's.</param>
internal sealed record RunPlan(TrainSettings Settings, TrainingPlan Step, bool OnGpu)
{
    /// <summary>Peak memory of the run in bytes. On the CPU, this includes the pool of pairs.</summary>
    public long PeakBytes => OnGpu ? Step.PeakBytes : Step.PeakWithKeptBlocks + PoolBytes;

    /// <summary>Bytes of the shuffle pool, which is always in host memory.</summary>
    public long PoolBytes => (long)Settings.Data.QueueSize * Settings.Data.Crop.Size * Settings.Data.Crop.Size * 3 * (sizeof(float) + 1);

    /// <summary>
    /// Operations of one step of the run: a generator step and a discriminator step, with all accumulated batches.
    /// </summary>
    public double StepOperations =>
        Settings.GradientAccumulationSteps
        * (Step.GeneratorOperations.Sum(part => part.Amount) + Step.DiscriminatorOperations.Sum(part => part.Amount));

    /// <summary>Creates the plan.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="model">The networks.</param>
    /// <param name="tower">The discriminator's tower; null for the reference's, if there is a discriminator.</param>
    /// <param name="onGpu">Whether the run uses a GPU.</param>
    public static RunPlan Of(TrainSettings settings, NetworkShapes model, ConvNextConfig? tower, bool onGpu)
    {
        bool gan = settings.LambdaGan > 0;
        ConvNextConfig? judge = gan ? tower ?? ConvNextConfig.XxLarge : null;
        return new(settings, TrainingPlan.Of(new TrainingShape
        {
            UNet = model.UNet,
            Vae = model.Vae,
            Tower = judge,
            Decoder = judge is null ? null : DecoderConfig.For(judge, settings.DiscriminatorChannels),
            Rank = settings.Kind == TrainKind.Lora ? settings.LoraRank : 0,
            Batch = settings.Data.BatchSize,
            Height = settings.Data.Crop.Size,
            Width = settings.Data.Crop.Size,
            Tokens = model.Tokens,
            FrozenBytes = settings.MixedPrecision == MixedPrecision.Bf16 ? 2 : 4,
            Unfolded = onGpu ? 0 : TrainingShape.UnfoldedHere(settings.Data.BatchSize),
            Settings = TrainingOptions.Of(settings),
        }), onGpu);
    }
}

/// <summary>A description of a run's plan, with an estimate of its time.</summary>
internal static class RunEstimate
{
    // Training reaches about this share of the speed of large matrix products, measured with Stable Diffusion 2.1's networks on CPUs.
    private const double ShareOfPeak = 0.5;

    private const int Side = 1024, Repeats = 4;

    /// <summary>The plan as lines of text.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="images">Number of images per epoch.</param>
    /// <param name="device">The device.</param>
    /// <param name="freeBytes">Free memory of the device.</param>
    public static IEnumerable<string> Lines(RunPlan plan, int images, Device device, long freeBytes)
    {
        var settings = plan.Settings;
        int each = settings.Data.BatchSize * settings.GradientAccumulationSteps * (settings.LambdaGan > 0 ? 2 : 1);
        foreach (string line in plan.Step.Lines())
            yield return line;
        if (plan.PoolBytes > 0)
            yield return $"Shuffle pool of {settings.Data.QueueSize} pairs: {PlanFigures.Memory(plan.PoolBytes)} of host memory";
        yield return $"The run needs about {PlanFigures.Memory(plan.PeakBytes)} on {device}; {PlanFigures.Memory(freeBytes)} are free.";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{images} images; a step sees {each}, so {settings.MaxTrainSteps} steps are "
                + $"{(double)settings.MaxTrainSteps * each / images:0.#} epochs."
        );
        double seconds = plan.StepOperations / (Speed(device) * ShareOfPeak);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"About {seconds:0.##} s a step, {PlanFigures.Duration(seconds * settings.MaxTrainSteps)} in all, based on this machine's "
                + $"speed at matrix products."
        );
    }

    private static double Speed(Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor a = ones(Side, Side, device: device), sum = a.mm(a);
        _ = sum[0, 0].item<float>();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < Repeats; i++)
            sum = a.mm(a);
        _ = sum[0, 0].item<float>(); // waits for a GPU to finish
        return Repeats * 2.0 * Side * Side * Side / watch.Elapsed.TotalSeconds;
    }
}

/// <summary>Changes settings to reduce a run's memory, least harmful first.</summary>
internal static class FitLadder
{
    private const int LeastRank = 16, LeastSize = 256;

    /// <summary>Changes settings until a plan fits.</summary>
    /// <param name="settings">The desired settings.</param>
    /// <param name="memory">Available bytes.</param>
    /// <param name="plan">Creates a plan for settings.</param>
    /// <returns>The settings that fit, and the changes as lines of YAML; null if nothing helps.</returns>
    public static (TrainSettings Settings, IReadOnlyList<string> Changes)? Fit(
        TrainSettings settings, long memory, Func<TrainSettings, RunPlan> plan)
    {
        var changes = new List<string>();
        while (plan(settings).PeakBytes > memory)
        {
            if (Next(settings) is not { } next)
                return null;
            settings = next.Settings;
            changes.RemoveAll(change => change.Split(':')[0] == next.Change.Split(':')[0]);
            changes.AddRange(next.Change.Split('\n'));
        }
        return (settings, [.. changes.GroupBy(change => change.Split(':')[0]).Select(same => same.Last())]);
    }

    private static (TrainSettings Settings, string Change)? Next(TrainSettings settings)
    {
        if (!settings.GradientCheckpointing)
            return (settings with { GradientCheckpointing = true }, "gradient_checkpointing: true");
        if (settings.Data.BatchSize > 1)
        {
            int batch = settings.Data.BatchSize / 2,
                sum = settings.GradientAccumulationSteps * settings.Data.BatchSize / batch;
            return (
                settings with
                {
                    Data = settings.Data with { BatchSize = batch },
                    GradientAccumulationSteps = sum,
                },
                $"batch_size: {batch}\ngradient_accumulation_steps: {sum}"
            );
        }
        if (settings.Kind == TrainKind.Lora && settings.MixedPrecision == MixedPrecision.No)
            return (settings with { MixedPrecision = MixedPrecision.Bf16 }, "mixed_precision: bf16");
        if (settings.Kind == TrainKind.Lora && settings.LoraRank > LeastRank)
            return (
                settings with
                {
                    LoraRank = Math.Max(LeastRank, settings.LoraRank / 2),
                },
                $"lora_rank: {Math.Max(LeastRank, settings.LoraRank / 2)}"
            );
        if (settings.LambdaGan > 0)
            return (settings with { LambdaGan = 0 }, "lambda_gan: 0");
        if (settings.Data.Crop.Size > LeastSize)
        {
            int size = Math.Max(LeastSize, settings.Data.Crop.Size * 3 / 4 / 64 * 64);
            return (settings with { Data = settings.Data with { Crop = settings.Data.Crop with { Size = size } } }, $"out_size: {size}");
        }
        return null;
    }
}
