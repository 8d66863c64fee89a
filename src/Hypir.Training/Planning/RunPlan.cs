using Hypir.Networks.Discriminator;
using Hypir.Training.Config;
using Hypir.Training.Loop;

namespace Hypir.Training.Planning;

/// <summary>What a whole run will take, as its configuration says it.</summary>
/// <param name="Settings">The configuration.</param>
/// <param name="Step">One step.</param>
/// <param name="OnCard">Whether a GPU's memory is meant.</param>
internal sealed record RunPlan(TrainSettings Settings, TrainingPlan Step, bool OnCard)
{
    /// <summary>Bytes that the run will take at its height. On the CPU the pool of pairs is beside the networks.</summary>
    public long PeakBytes => OnCard ? Step.PeakBytes : Step.PeakWithKeptBlocks + PoolBytes;

    /// <summary>Bytes of the shuffle pool, which is always in the computer's own memory.</summary>
    public long PoolBytes => (long)Settings.Data.QueueSize * Settings.Data.Crop.Size * Settings.Data.Crop.Size * 3 * (sizeof(float) + 1);

    /// <summary>Operations of all that one step of the run needs: a generator's and a discriminator's, with as many batches as are summed.</summary>
    public double StepOperations => Settings.GradientAccumulationSteps * (Step.GeneratorOperations.Sum(part => part.Amount) + Step.DiscriminatorOperations.Sum(part => part.Amount));

    /// <summary>Makes the plan.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="model">The networks.</param>
    /// <param name="tower">The discriminator's tower; null for the reference's, where there is a discriminator.</param>
    /// <param name="onCard">Whether a GPU computes.</param>
    public static RunPlan Of(TrainSettings settings, NetworkShapes model, ConvNextConfig? tower, bool onCard)
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
            Unfolded = onCard ? 0 : TrainingShape.UnfoldedHere(settings.Data.BatchSize),
            Settings = TrainingOptions.Of(settings),
        }), onCard);
    }
}
