using Hypir.Networks.Losses;
using Hypir.Training.Losses;
using Hypir.Training.Optimizers;

namespace Hypir.Training.Loop;

/// <summary>What a training step does; the defaults are the reference's.</summary>
public sealed record TrainingSettings
{
    /// <summary>Timestep that the UNet is told, 0 … 999.</summary>
    public int ModelT { get; init; } = 200;

    /// <summary>Timestep of the schedule's coefficients, 0 … 999.</summary>
    public int CoeffT { get; init; } = 200;

    /// <summary>Weights of the losses.</summary>
    public LossWeights Losses { get; init; } = new();

    /// <summary>How the discriminator's logits become losses.</summary>
    public AdversarialKind Adversarial { get; init; } = AdversarialKind.CrossEntropy;

    /// <summary>Moves the generator.</summary>
    public OptimizerSettings GeneratorOptimizer { get; init; } = new AdamWSettings();

    /// <summary>Moves the discriminator.</summary>
    public OptimizerSettings DiscriminatorOptimizer { get; init; } = new AdamWSettings();

    /// <summary>Largest norm of each network's gradient.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Batches whose gradients make one step, from 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Decay of the moving average of the generator's parameters, or null for no average.</summary>
    public double? EmaDecay { get; init; } = 0.999;

    /// <summary>Which networks a batch trains.</summary>
    public TrainingSchedule Schedule { get; init; } = TrainingSchedule.Alternating;

    /// <summary>Whether activations are computed again on the way back instead of being kept.</summary>
    public bool Checkpointing { get; init; }
}
