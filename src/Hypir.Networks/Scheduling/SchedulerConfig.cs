using System.Text.Json;
using Hypir.Planning.Configs;

namespace Hypir.Networks.Scheduling;

/// <summary>
/// Configuration of a <see cref="DdpmScheduler"/>. From a file written for another scheduler class (SD 2.1 ships PNDM's), the shared values
/// are read; the rest get DDPM's own defaults.
/// </summary>
public sealed record SchedulerConfig
{
    /// <summary>Number of timesteps, usually 1000.</summary>
    public int NumTrainTimesteps { get; init; } = 1000;

    /// <summary>First noise variance.</summary>
    public double BetaStart { get; init; } = 0.0001;

    /// <summary>Last noise variance.</summary>
    public double BetaEnd { get; init; } = 0.02;

    /// <summary>How the variances progress from first to last: "linear", "scaled_linear" or "squaredcos_cap_v2".</summary>
    public string BetaSchedule { get; init; } = "linear";

    /// <summary>Explicit variances, which override the three values above; or null.</summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>The UNet's prediction type.</summary>
    public PredictionType PredictionType { get; init; } = PredictionType.Epsilon;

    /// <summary>Whether the predicted sample is clamped. DDPM's own default is true; SD 2.1 sets it to false.</summary>
    public bool ClipSample { get; init; } = true;

    /// <summary>Limit of the clamping.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>Whether the variances are rescaled so that the last step has no signal (Lin et al., 2024).</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The content of <c>scheduler_config.json</c>.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ModelException">A value is of the wrong kind or unknown.</exception>
    public static SchedulerConfig Parse(JsonElement json, string path)
    {
        var reader = new ConfigReader(json, path);
        reader.RequireOff("thresholding");
        return new SchedulerConfig
        {
            NumTrainTimesteps = (int)reader.Long("num_train_timesteps", 1000),
            BetaStart = reader.Double("beta_start", 0.0001),
            BetaEnd = reader.Double("beta_end", 0.02),
            BetaSchedule = reader.Kind("beta_schedule", "linear",
                ("linear", "linear"), ("scaled_linear", "scaled_linear"), ("squaredcos_cap_v2", "squaredcos_cap_v2")),
            TrainedBetas = reader.Has("trained_betas") ? reader.Doubles("trained_betas") : null,
            PredictionType = reader.Kind("prediction_type", "epsilon",
                ("epsilon", PredictionType.Epsilon), ("v_prediction", PredictionType.Velocity), ("sample", PredictionType.Sample)),
            ClipSample = reader.Bool("clip_sample", true),
            ClipSampleRange = reader.Double("clip_sample_range", 1),
            RescaleBetasZeroSnr = reader.Bool("rescale_betas_zero_snr", false),
        };
    }
}

/// <summary>The meaning of a UNet's prediction.</summary>
public enum PredictionType
{
    /// <summary>The noise.</summary>
    Epsilon,

    /// <summary>The velocity of Salimans and Ho (2022).</summary>
    Velocity,

    /// <summary>The original sample.</summary>
    Sample,
}

/// <summary>
/// The float32 square root as computed by the vector library behind the reference's numbers: the reciprocal root to 12 bits, then two
/// corrections without fused operations, which is off in the last bit for every fifth number. The tensor library's own root is computed
/// differently on other processors, so that a restoration would depend on the machine.
/// </summary>
internal static class ReferenceRoot
{
    /// <summary>Bits of a float32 significand, except the leading one, that the estimate lacks.</summary>
    private const int Unknown = 12;

    /// <summary>√x.</summary>
    /// <param name="x">0 … 1.</param>
    public static float Of(float x)
    {
        if (x <= 0)
            return 0;
        float near = Estimate(x), root = x * near, half = 0.5f * near, wrong = 0.5f - root * half;
        half += half * wrong;
        root += root * wrong;
        return root + (x - root * root) * half;
    }

    /// <summary>1/√x, rounded to 12 bits.</summary>
    private static float Estimate(float x) =>
        BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits((float)(1 / Math.Sqrt(x))) + (1u << (Unknown - 1)) & ~((1u << Unknown) - 1));
}
