namespace Hypir.Training.Degradation.Recipes;

/// <summary>What was drawn for one picture of a batch.</summary>
public sealed record PictureRecipe
{
    /// <summary>Its kernels.</summary>
    public KernelSet Kernels { get; init; } = new();

    /// <summary>Noise and JPEG of the first stage.</summary>
    public PictureStage Stage1 { get; init; } = new();

    /// <summary>Noise of the second stage and the last JPEG.</summary>
    public PictureStage Stage2 { get; init; } = new();
}
