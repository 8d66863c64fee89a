using System.Text.Json.Serialization;
using Hypir.Training.Degradation.Noise;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>
/// Every choice of one degradation, random or not: with the images it is all that <see cref="RecipeApplier"/> needs. As in the reference,
/// the images of a batch share what shapes tensors (sizes, interpolation, kind of noise, order), and each has its own kernels, strengths
/// and qualities. What a recipe does not name is not done: a recipe by hand can be as short as one blur.
/// </summary>
public sealed record DegradationRecipe
{
    /// <summary>Sharpening of the clean images; null for none.</summary>
    public SharpenSettings? Sharpen { get; init; }

    /// <summary>The first stage; its factor is relative to the image.</summary>
    public StageRecipe Stage1 { get; init; } = new();

    /// <summary>Whether the second stage blurs.</summary>
    public bool SecondBlur { get; init; }

    /// <summary>By how much the result is smaller than the image before it is resized back, at least 1.</summary>
    public double Stage2Scale { get; init; } = 1;

    /// <summary>The second stage; its factor is relative to the size that <see cref="Stage2Scale"/> gives.</summary>
    public StageRecipe Stage2 { get; init; } = new();

    /// <summary>The end.</summary>
    public FinalRecipe Final { get; init; } = new();

    /// <summary>Whether JPEG rounds smoothly.</summary>
    public bool DifferentiableJpeg { get; init; }

    /// <summary>One entry an image of the batch.</summary>
    [JsonPropertyName("pictures")]
    public required IReadOnlyList<ImageRecipe> Images { get; init; }

    /// <summary>A side before the image is resized back: <c>floor(side / stage2_scale)</c>, at least 1.</summary>
    /// <param name="side">The side of the clean image in pixels.</param>
    internal int SmallSide(int side) => Math.Max(1, (int)(side / Stage2Scale));

    /// <summary>
    /// A side in the second stage: <c>floor(small * scale)</c>, at least 1. Like the reference, this scales the truncated side, not the
    /// quotient.
    /// </summary>
    /// <param name="side">The side of the clean image in pixels.</param>
    internal int SecondSide(int side) => Math.Max(1, (int)(SmallSide(side) * Stage2.Scale));
}

/// <summary>What one stage does to all images of a batch.</summary>
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

/// <summary>The end of the pipeline.</summary>
public sealed record FinalRecipe
{
    /// <summary>Filter or JPEG first.</summary>
    public FinalOrder Order { get; init; } = FinalOrder.SincThenJpeg;

    /// <summary>How to interpolate to the shrunken size.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Bicubic;

    /// <summary>Whether the result is enlarged to the image's first size, if it was shrunk.</summary>
    public bool ResizeBack { get; init; } = true;
}

/// <summary>The order of the last two operations.</summary>
public enum FinalOrder
{
    /// <summary>Resize and filter, then compress: an image that was sharpened and then saved.</summary>
    SincThenJpeg,

    /// <summary>Compress, then resize and filter: a saved image that was sharpened after opening.</summary>
    JpegThenSinc,
}

/// <summary>What was drawn for one image of a batch.</summary>
public sealed record ImageRecipe
{
    /// <summary>Its kernels.</summary>
    public KernelSet Kernels { get; init; } = new();

    /// <summary>Noise and JPEG of the first stage.</summary>
    public ImageStage Stage1 { get; init; } = new();

    /// <summary>Noise of the second stage and the last JPEG.</summary>
    public ImageStage Stage2 { get; init; } = new();
}

/// <summary>What one stage does to one image of a batch. What is not named is not done.</summary>
public sealed record ImageStage
{
    /// <summary>Standard deviation in levels of 255 for Gaussian noise, strength for Poisson noise; 0 for none.</summary>
    public double NoiseAmount { get; init; }

    /// <summary>Whether the noise is the same in all channels.</summary>
    public bool GreyNoise { get; init; }

    /// <summary>JPEG quality, above 0 and below 100; in the second stage: that of the last JPEG. Null for none.</summary>
    public double? Quality { get; init; }
}
