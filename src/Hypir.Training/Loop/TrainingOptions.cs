


using Hypir.Training.Config;
using Hypir.Training.Optimizers;

namespace Hypir.Training.Loop;

/// <summary>What a step does, as a configuration says it.</summary>
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
