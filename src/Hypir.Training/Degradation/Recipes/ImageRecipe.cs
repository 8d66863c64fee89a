namespace Hypir.Training.Degradation.Recipes;

/// <summary>What was drawn for one picture of a batch.</summary>
public sealed record ImageRecipe
{
    /// <summary>Its kernels.</summary>
    public KernelSet Kernels { get; init; } = new();

    /// <summary>Noise and JPEG of the first stage.</summary>
    public ImageStage Stage1 { get; init; } = new();

    /// <summary>Noise of the second stage and the last JPEG.</summary>
    public ImageStage Stage2 { get; init; } = new();
}
