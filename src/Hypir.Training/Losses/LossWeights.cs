namespace Hypir.Training.Losses;

/// <summary>Weights of the generator's losses; a loss of weight 0 is not computed.</summary>
public sealed record LossWeights
{
    /// <summary>Of the mean squared difference.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Of LPIPS.</summary>
    public double Lpips { get; init; } = 5;

    /// <summary>Of the discriminator's judgement.</summary>
    public double Adversarial { get; init; } = 0.5;

    /// <summary>Of the mean absolute difference.</summary>
    public double L1 { get; init; }

    /// <summary>Of the Charbonnier loss.</summary>
    public double Charbonnier { get; init; }

    /// <summary>Of the frequency loss.</summary>
    public double Frequency { get; init; }
}
