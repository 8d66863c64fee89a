namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>
/// Every choice of one degradation, random or not: with the pictures it is all that <see cref="RecipeApplier"/> needs. As in the reference, the pictures of a
/// batch share what shapes tensors (sizes, interpolation, kind of noise, order), and each has its own kernels, strengths and qualities.
/// </summary>
public sealed record DegradationRecipe
{
    /// <summary>Sharpening of the clean pictures; null for none.</summary>
    public SharpenSettings? Sharpen { get; init; }

    /// <summary>The first stage; its factor is relative to the picture.</summary>
    public required StageRecipe Stage1 { get; init; }

    /// <summary>Whether the second stage blurs.</summary>
    public required bool SecondBlur { get; init; }

    /// <summary>By how much the result is smaller than the picture before it is resized back, at least 1.</summary>
    public required double Stage2Scale { get; init; }

    /// <summary>The second stage; its factor is relative to the size that <see cref="Stage2Scale"/> gives.</summary>
    public required StageRecipe Stage2 { get; init; }

    /// <summary>The end.</summary>
    public required FinalRecipe Final { get; init; }

    /// <summary>Whether JPEG rounds smoothly.</summary>
    public bool DifferentiableJpeg { get; init; }

    /// <summary>One entry a picture of the batch.</summary>
    public required IReadOnlyList<PictureRecipe> Pictures { get; init; }
}
