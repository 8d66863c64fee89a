namespace Hypir.Training.Degradation.Recipes;

/// <summary>What one stage does to one picture of a batch. What is not named is not done.</summary>
public sealed record ImageStage
{
    /// <summary>Standard deviation in levels of 255 for Gaussian noise, strength for Poisson noise; 0 for none.</summary>
    public double NoiseAmount { get; init; }

    /// <summary>Whether the noise is the same in all channels.</summary>
    public bool GreyNoise { get; init; }

    /// <summary>JPEG quality, above 0 and below 100; in the second stage: that of the last JPEG. Null for none.</summary>
    public double? Quality { get; init; }
}
