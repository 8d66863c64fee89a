namespace Hypir.Training.Config;

/// <summary>What the reference's <c>opt_kwargs</c> hold. Null: torch's default for the kind of optimizer.</summary>
public sealed record OptimizerKeywords
{
    /// <summary>AdamW: decay of the two moments.</summary>
    public IReadOnlyList<double>? Betas { get; init; }

    /// <summary>RMSprop: decay of the squares.</summary>
    public double? Alpha { get; init; }

    /// <summary>RMSprop: momentum.</summary>
    public double? Momentum { get; init; }

    /// <summary>What is added to the root.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Weight decay: decoupled in AdamW, added to the gradient in RMSprop.</summary>
    public double? WeightDecay { get; init; }
}
