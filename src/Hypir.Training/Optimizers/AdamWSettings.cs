using Hypir.Training.Loop;

namespace Hypir.Training.Optimizers;

/// <summary>Settings of <see cref="AdamW"/>, with PyTorch's defaults: the reference leaves the weight decay of 0.01 in.</summary>
public sealed record AdamWSettings : OptimizerSettings
{
    /// <summary>Memory of the mean gradient, 0 … 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean squared gradient, 0 … 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root in the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of each parameter that a step takes away, times the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override int Moments => 2;

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSet parameters) => new AdamW(parameters, this);
}
