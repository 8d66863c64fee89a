namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>What was drawn for one picture of a batch.</summary>
public sealed record PictureRecipe
{
    /// <summary>Its kernels.</summary>
    public required KernelSet Kernels { get; init; }

    /// <summary>Noise and JPEG of the first stage.</summary>
    public required PictureStage Stage1 { get; init; }

    /// <summary>Noise of the second stage and the last JPEG.</summary>
    public required PictureStage Stage2 { get; init; }
}
