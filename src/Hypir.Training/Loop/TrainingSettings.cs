using Hypir.Networks.Losses;
using Hypir.Training.Config;
using Hypir.Training.Losses;
using Hypir.Training.Optimizers;

namespace Hypir.Training.Loop;

/// <summary>The settings of a training step; the defaults are the reference's.</summary>
public sealed record TrainingSettings
{
    /// <summary>Timestep passed to the UNet, 0 … 999.</summary>
    public int ModelT { get; init; } = 200;

    /// <summary>Timestep of the schedule's coefficients, 0 … 999.</summary>
    public int CoeffT { get; init; } = 200;

    /// <summary>Weights of the losses.</summary>
    public LossWeights Losses { get; init; } = new();

    /// <summary>How the discriminator's logits become losses.</summary>
    public AdversarialKind Adversarial { get; init; } = AdversarialKind.CrossEntropy;

    /// <summary>The generator's optimizer.</summary>
    public OptimizerSettings GeneratorOptimizer { get; init; } = new AdamWSettings();

    /// <summary>The discriminator's optimizer.</summary>
    public OptimizerSettings DiscriminatorOptimizer { get; init; } = new AdamWSettings();

    /// <summary>Maximum norm of each network's gradient.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Batches per step, at least 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Decay of the moving average of the generator's parameters, or null for no average.</summary>
    public double? EmaDecay { get; init; } = 0.999;

    /// <summary>The networks that a batch trains.</summary>
    public TrainingSchedule Schedule { get; init; } = TrainingSchedule.Alternating;

    /// <summary>Whether activations are recomputed in the backward pass instead of being kept.</summary>
    public bool Checkpointing { get; init; }
}

/// <summary>The networks that a batch trains.</summary>
public enum TrainingSchedule
{
    /// <summary>
    /// Generator and discriminator alternate, one batch each (or as many as gradients are accumulated over): the reference's schedule.
    /// </summary>
    Alternating,

    /// <summary>
    /// Both learn from every batch, the discriminator from the image that the generator made before its step. This is a different training,
    /// not a faster version of the same: the discriminator judges images of an older generator, and each network sees every batch.
    /// </summary>
    Joint,
}

/// <summary>Converts a configuration to the settings of a step.</summary>
internal static class TrainingOptions
{
    /// <summary>The settings of a run's steps.</summary>
    public static TrainingSettings Of(TrainSettings settings) => new()
    {
        ModelT = settings.ModelT,
        CoeffT = settings.CoeffT,
        Losses = new()
        {
            L2 = settings.LambdaL2,
            Lpips = settings.LambdaLpips,
            Adversarial = settings.LambdaGan,
            L1 = settings.LambdaL1,
            Charbonnier = settings.LambdaCharbonnier,
            Psnr = settings.LambdaPsnr,
            Frequency = settings.LambdaFrequency,
        },
        Adversarial = settings.GanLoss,
        GeneratorOptimizer = Optimizer(settings, settings.LearningRateG),
        DiscriminatorOptimizer = Optimizer(settings, settings.LearningRateD),
        MaxGradientNorm = settings.MaxGradNorm,
        Accumulation = settings.GradientAccumulationSteps,
        EmaDecay = settings.UseEma ? settings.EmaDecay : null,
        Schedule = settings.Schedule,
        Checkpointing = settings.GradientCheckpointing,
    };

    private static OptimizerSettings Optimizer(TrainSettings settings, double rate)
    {
        var given = settings.OptimizerOptions;
        if (settings.OptimizerType == OptimizerKind.Rmsprop)
        {
            var rms = new RmsPropSettings { LearningRate = rate };
            return rms with
            {
                Alpha = given.Alpha ?? rms.Alpha,
                Momentum = given.Momentum ?? rms.Momentum,
                Epsilon = given.Epsilon ?? rms.Epsilon,
                WeightDecay = given.WeightDecay ?? rms.WeightDecay,
            };
        }
        var adam = new AdamWSettings { LearningRate = rate };
        return adam with
        {
            Beta1 = given.Betas?[0] ?? adam.Beta1,
            Beta2 = given.Betas?[1] ?? adam.Beta2,
            Epsilon = given.Epsilon ?? adam.Epsilon,
            WeightDecay = given.WeightDecay ?? adam.WeightDecay,
        };
    }
}

/// <summary>The learning rates over a run, as a function of the step.</summary>
/// <param name="settings">Rates, warm-up, schedule, length.</param>
internal sealed class LearningRates(TrainSettings settings)
{
    // The final rate of the cosine schedule, as a share of the initial rate.
    private const double Last = 0.01;

    /// <summary>Sets both optimizers' rates for the next batch.</summary>
    public void Set(Trainer trainer)
    {
        double factor = Factor(trainer.Counters.Steps);
        trainer.GeneratorOptimizer.LearningRate = settings.LearningRateG * factor;
        if (trainer.DiscriminatorOptimizer is { } discriminator)
            discriminator.LearningRate = settings.LearningRateD * factor;
    }

    /// <summary>The factor for the rates after a number of steps.</summary>
    public double Factor(long step)
    {
        if (step < settings.WarmupSteps)
            return (step + 1.0) / (settings.WarmupSteps + 1);
        if (settings.LearningRateSchedule == LearningRateSchedule.Constant)
            return 1;
        double done = Math.Min(1, (double)(step - settings.WarmupSteps) / Math.Max(1, settings.MaxTrainSteps - settings.WarmupSteps));
        return Last + (1 - Last) * (1 + Math.Cos(Math.PI * done)) / 2;
    }
}
