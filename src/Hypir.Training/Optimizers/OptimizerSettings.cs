using Hypir.Training.Loop;

namespace Hypir.Training.Optimizers;

/// <summary>How gradients move parameters.</summary>
public abstract record OptimizerSettings
{
    /// <summary>Learning rate; the reference's default.</summary>
    public double LearningRate { get; init; } = 1e-5;

    /// <summary>Numbers that the optimizer keeps for each number of a parameter.</summary>
    public abstract int Moments { get; }

    /// <summary>An optimizer of these parameters.</summary>
    public abstract Optimizer Create(ParameterSet parameters);
}
