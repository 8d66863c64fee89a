namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>What one stage does to one picture of a batch.</summary>
public sealed record PictureStage
{
    /// <summary>Standard deviation in levels of 255 for Gaussian noise, strength for Poisson noise.</summary>
    public required double NoiseAmount { get; init; }

    /// <summary>Whether the noise is the same in all channels.</summary>
    public required bool GreyNoise { get; init; }

    /// <summary>JPEG quality, above 0 and below 100. In the second stage: that of the last JPEG.</summary>
    public required double Quality { get; init; }
}
