using Hypir.Training.Loop;

namespace Hypir.Training.Optimizers;

/// <summary>Settings of <see cref="RmsProp"/>, with PyTorch's defaults.</summary>
public sealed record RmsPropSettings : OptimizerSettings
{
    /// <summary>Memory of the mean squared gradient, 0 … 1.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root in the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of each parameter that is added to its gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Memory of the steps taken; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override int Moments => Momentum > 0 ? 2 : 1;

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSet parameters) => new RmsProp(parameters, this);
}
