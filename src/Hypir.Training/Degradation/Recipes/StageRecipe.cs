

using Hypir.Training.Degradation.Noise;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>What one stage does to all pictures of a batch.</summary>
public sealed record StageRecipe
{
    /// <summary>The factor that sizes are multiplied with; 1 keeps them.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>How to interpolate.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Bicubic;

    /// <summary>The kind of noise.</summary>
    public NoiseKind Noise { get; init; } = NoiseKind.Gaussian;

    /// <summary>The seed of the noise's fields, 0 to 2^53 - 1.</summary>
    public long NoiseSeed { get; init; }
}
