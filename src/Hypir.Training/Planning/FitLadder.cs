

using Hypir.Training.Config;

namespace Hypir.Training.Planning;

/// <summary>What can be changed so that a run takes less memory, least harm first.</summary>
internal static class FitLadder
{
    private const int LeastRank = 16, LeastSize = 256;

    /// <summary>Changes settings until a plan fits.</summary>
    /// <param name="settings">The settings wished for.</param>
    /// <param name="memory">Bytes that there are.</param>
    /// <param name="plan">Plans settings.</param>
    /// <returns>The settings that fit, and the changes as lines of YAML; null where nothing helps.</returns>
    public static (TrainSettings Settings, IReadOnlyList<string> Changes)? Fit(TrainSettings settings, long memory, Func<TrainSettings, RunPlan> plan)
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
            int batch = settings.Data.BatchSize / 2, sum = settings.GradientAccumulationSteps * settings.Data.BatchSize / batch;
            return (settings with { Data = settings.Data with { BatchSize = batch }, GradientAccumulationSteps = sum }, $"batch_size: {batch}\ngradient_accumulation_steps: {sum}");
        }
        if (settings.Kind == TrainKind.Lora && settings.MixedPrecision == MixedPrecision.No)
            return (settings with { MixedPrecision = MixedPrecision.Bf16 }, "mixed_precision: bf16");
        if (settings.Kind == TrainKind.Lora && settings.LoraRank > LeastRank)
            return (settings with { LoraRank = Math.Max(LeastRank, settings.LoraRank / 2) }, $"lora_rank: {Math.Max(LeastRank, settings.LoraRank / 2)}");
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
