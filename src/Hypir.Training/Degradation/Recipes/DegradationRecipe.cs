namespace Hypir.Training.Degradation.Recipes;

/// <summary>
/// Every choice of one degradation, random or not: with the pictures it is all that <see cref="RecipeApplier"/> needs. As in the reference, the pictures of a
/// batch share what shapes tensors (sizes, interpolation, kind of noise, order), and each has its own kernels, strengths and qualities. What a recipe does
/// not name is not done: a recipe by hand can be as short as one blur.
/// </summary>
public sealed record DegradationRecipe
{
    /// <summary>Sharpening of the clean pictures; null for none.</summary>
    public SharpenSettings? Sharpen { get; init; }

    /// <summary>The first stage; its factor is relative to the picture.</summary>
    public StageRecipe Stage1 { get; init; } = new();

    /// <summary>Whether the second stage blurs.</summary>
    public bool SecondBlur { get; init; }

    /// <summary>By how much the result is smaller than the picture before it is resized back, at least 1.</summary>
    public double Stage2Scale { get; init; } = 1;

    /// <summary>The second stage; its factor is relative to the size that <see cref="Stage2Scale"/> gives.</summary>
    public StageRecipe Stage2 { get; init; } = new();

    /// <summary>The end.</summary>
    public FinalRecipe Final { get; init; } = new();

    /// <summary>Whether JPEG rounds smoothly.</summary>
    public bool DifferentiableJpeg { get; init; }

    /// <summary>One entry a picture of the batch.</summary>
    public required IReadOnlyList<ImageRecipe> Pictures { get; init; }

    /// <summary>A side before the picture is resized back: <c>floor(side / stage2_scale)</c>, at least 1.</summary>
    /// <param name="side">The side of the clean picture in pixels.</param>
    internal int SmallSide(int side) => Math.Max(1, (int)(side / Stage2Scale));

    /// <summary>
    /// A side in the second stage: <c>floor(small * scale)</c>, at least 1. Like the reference, this scales the truncated side, not the quotient.
    /// </summary>
    /// <param name="side">The side of the clean picture in pixels.</param>
    internal int SecondSide(int side) => Math.Max(1, (int)(SmallSide(side) * Stage2.Scale));
}
