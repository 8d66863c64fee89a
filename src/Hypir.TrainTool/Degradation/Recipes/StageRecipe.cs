using Hypir.TrainTool.Degradation.Noise;

namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>What one stage does to all pictures of a batch.</summary>
public sealed record StageRecipe
{
    /// <summary>Enlarge, shrink or keep.</summary>
    public required ResizeChoice Resize { get; init; }

    /// <summary>The factor, 1 for keep.</summary>
    public required double Scale { get; init; }

    /// <summary>How to interpolate.</summary>
    public required ResizeMode Mode { get; init; }

    /// <summary>The kind of noise.</summary>
    public required NoiseKind Noise { get; init; }

    /// <summary>The seed of the noise's fields, 0 to 2^53 - 1.</summary>
    public required long NoiseSeed { get; init; }
}
