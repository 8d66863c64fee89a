using System.Text.Json.Serialization;
using Hypir.Training.Degradation.Noise;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>
/// All choices of one degradation: together with the images, everything that <see cref="RecipeApplier"/> needs. As in the reference, the
/// images of a batch share what determines tensor shapes (sizes, interpolation, kind of noise, order), and each has its own kernels,
/// strengths, and qualities. Omitted steps are skipped, so a handwritten recipe can be as short as one blur.
/// </summary>
public sealed record DegradationRecipe
{
    /// <summary>Sharpening of the clean images; null for none.</summary>
    public SharpenSettings? Sharpen { get; init; }

    /// <summary>The first stage; its factor is relative to the image.</summary>
    public StageRecipe Stage1 { get; init; } = new();

    /// <summary>Whether the second stage blurs.</summary>
    public bool SecondBlur { get; init; }

    /// <summary>Ratio of the image's size to the result's before resizing back, at least 1.</summary>
    public double Stage2Scale { get; init; } = 1;

    /// <summary>The second stage; its factor is relative to the size that <see cref="Stage2Scale"/> gives.</summary>
    public StageRecipe Stage2 { get; init; } = new();

    /// <summary>The final steps.</summary>
    public FinalRecipe Final { get; init; } = new();

    /// <summary>Whether JPEG rounds smoothly.</summary>
    public bool DifferentiableJpeg { get; init; }

    /// <summary>One entry per image of the batch.</summary>
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

/// <summary>The part of a stage that all images of a batch share.</summary>
public sealed record StageRecipe
{
    /// <summary>The scale factor; 1 keeps the size.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The interpolation mode.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Bicubic;

    /// <summary>The kind of noise.</summary>
    public NoiseKind Noise { get; init; } = NoiseKind.Gaussian;

    /// <summary>The seed of the noise's fields, 0 to 2^53 - 1.</summary>
    public long NoiseSeed { get; init; }
}

/// <summary>The final steps of the pipeline.</summary>
public sealed record FinalRecipe
{
    /// <summary>Whether the filter or JPEG comes first.</summary>
    public FinalOrder Order { get; init; } = FinalOrder.SincThenJpeg;

    /// <summary>The interpolation mode for the shrunken size.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Bicubic;

    /// <summary>Whether a shrunken result is scaled back to the image's original size.</summary>
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

/// <summary>The choices for one image of a batch.</summary>
public sealed record ImageRecipe
{
    /// <summary>Its kernels.</summary>
    public KernelSet Kernels { get; init; } = new();

    /// <summary>Noise and JPEG of the first stage.</summary>
    public ImageStage Stage1 { get; init; } = new();

    /// <summary>Noise of the second stage and the last JPEG.</summary>
    public ImageStage Stage2 { get; init; } = new();
}

/// <summary>The part of a stage for a single image. Omitted steps are skipped.</summary>
public sealed record ImageStage
{
    /// <summary>Standard deviation in levels of 255 for Gaussian noise, strength for Poisson noise; 0 for none.</summary>
    public double NoiseAmount { get; init; }

    /// <summary>Whether the noise is the same in all channels.</summary>
    public bool GreyNoise { get; init; }

    /// <summary>JPEG quality, above 0 and below 100; in the second stage: that of the last JPEG. Null for none.</summary>
    public double? Quality { get; init; }
}
