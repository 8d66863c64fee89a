namespace Hypir.Training.Degradation.Ranges;

/// <summary>
/// Everything that recipes are drawn from: the two-stage degradation of Real-ESRGAN (Wang et al. 2021). The defaults are the values that the reference
/// trains with, those that it hard-codes included.
/// </summary>
public sealed record DegradationRanges
{
    /// <summary>Whether clean pictures are sharpened before they are damaged.</summary>
    public bool UseSharpener { get; init; } = true;

    /// <summary>How they are sharpened.</summary>
    public SharpenSettings Sharpen { get; init; } = new();

    /// <summary>Blur of the first stage.</summary>
    public BlurRanges Blur1 { get; init; } = new();

    /// <summary>Blur of the second stage.</summary>
    public BlurRanges Blur2 { get; init; } = new() { Sigma = new(0.2, 1.5) };

    /// <summary>The last filter.</summary>
    public FinalSincRanges FinalSinc { get; init; } = new();

    /// <summary>Resizing, noise and JPEG of the first stage.</summary>
    public StageRanges Stage1 { get; init; } = new();

    /// <summary>Resizing and noise of the second stage, and the last JPEG.</summary>
    public StageRanges Stage2 { get; init; } = new()
    {
        ResizeProbabilities = [0.3, 0.4, 0.3],
        Resize = new(0.3, 1.2),
        Gaussian = new(1, 25),
        Poisson = new(0.05, 2.5),
    };

    /// <summary>How often the second stage blurs.</summary>
    public double SecondBlurProbability { get; init; } = 0.8;

    /// <summary>By how much the second stage shrinks the picture against its first size, besides its own factor; at least 1.</summary>
    public ValueRange Stage2Scale { get; init; } = new(4, 4);

    /// <summary>The ways of resizing, all equally likely.</summary>
    public IReadOnlyList<ResizeMode> ResizeModes { get; init; } = [ResizeMode.Area, ResizeMode.Bilinear, ResizeMode.Bicubic];

    /// <summary>How often the last filter comes before the last JPEG and not after it.</summary>
    public double SincFirstProbability { get; init; } = 0.5;

    /// <summary>Whether a shrunken result is enlarged to its first size again.</summary>
    public bool ResizeBack { get; init; } = true;

    /// <summary>Whether JPEG rounds smoothly (<see cref="Jpeg.DiffJpeg"/>).</summary>
    public bool DifferentiableJpeg { get; init; }
}
