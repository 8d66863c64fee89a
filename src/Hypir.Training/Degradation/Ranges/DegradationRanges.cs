namespace Hypir.Training.Degradation.Ranges;

/// <summary>
/// The ranges that recipes are drawn from: the two-stage degradation of Real-ESRGAN (Wang et al. 2021). The defaults are the reference's
/// training values, including its hard-coded ones.
/// </summary>
public sealed record DegradationRanges
{
    /// <summary>Whether clean images are sharpened before degradation.</summary>
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

    /// <summary>Probability of blur in the second stage.</summary>
    public double SecondBlurProbability { get; init; } = 0.8;

    /// <summary>Shrink factor of the second stage relative to the original size, in addition to its own factor; at least 1.</summary>
    public ValueRange Stage2Scale { get; init; } = new(4, 4);

    /// <summary>The interpolation modes, all equally likely.</summary>
    public IReadOnlyList<ResizeMode> ResizeModes { get; init; } = [ResizeMode.Area, ResizeMode.Bilinear, ResizeMode.Bicubic];

    /// <summary>Probability that the last filter precedes the last JPEG.</summary>
    public double SincFirstProbability { get; init; } = 0.5;

    /// <summary>Whether a shrunken result is scaled back to its original size.</summary>
    public bool ResizeBack { get; init; } = true;

    /// <summary>Whether JPEG rounds smoothly (<see cref="Jpeg.DiffJpeg"/>).</summary>
    public bool DifferentiableJpeg { get; init; }
}

/// <summary>The ranges for resizing, noise, and JPEG of one stage. The defaults are the reference's first stage.</summary>
public sealed record StageRanges
{
    /// <summary>Probabilities of enlarging, shrinking, and keeping, in this order, sum 1.</summary>
    public IReadOnlyList<double> ResizeProbabilities { get; init; } = [0.2, 0.7, 0.1];

    /// <summary>Factors: from the lower bound to 1 when shrinking, from 1 to the upper bound when enlarging.</summary>
    public ValueRange Resize { get; init; } = new(0.15, 1.5);

    /// <summary>Probability of noise.</summary>
    public double NoiseProbability { get; init; } = 1;

    /// <summary>Probability that the noise is Gaussian; otherwise it is Poisson noise.</summary>
    public double GaussianProbability { get; init; } = 0.5;

    /// <summary>Standard deviations of Gaussian noise, in levels of 255.</summary>
    public ValueRange Gaussian { get; init; } = new(1, 30);

    /// <summary>Strengths of Poisson noise; 1 is the physical one.</summary>
    public ValueRange Poisson { get; init; } = new(0.05, 3);

    /// <summary>Probability that the noise is gray.</summary>
    public double GreyProbability { get; init; } = 0.4;

    /// <summary>Probability of JPEG compression.</summary>
    public double JpegProbability { get; init; } = 1;

    /// <summary>JPEG qualities.</summary>
    public ValueRange Quality { get; init; } = new(30, 95);
}

/// <summary>The ranges for the last filter of the pipeline. The defaults are the reference's.</summary>
public sealed record FinalSincRanges
{
    /// <summary>Probability of the filter; otherwise a pulse, which has no effect.</summary>
    public double Probability { get; init; } = 0.8;

    /// <summary>Side lengths.</summary>
    public SizeRange Sizes { get; init; } = new(7, 21);

    /// <summary>Cut-off frequencies in radians a pixel.</summary>
    public ValueRange Cutoff { get; init; } = new(Math.PI / 3, Math.PI);
}

/// <summary>A range of odd kernel sizes, all equally likely.</summary>
/// <param name="Low">The smallest, odd, at least 1.</param>
/// <param name="High">The largest, odd, not below <paramref name="Low"/>.</param>
public readonly record struct SizeRange(int Low, int High)
{
    /// <summary>Draws a size.</summary>
    public int Sample(SeededRandom random) => Low + 2 * random.Whole(0, (High - Low) / 2);
}

/// <summary>A range of numbers, uniformly distributed.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound, not below <paramref name="Low"/>.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>Draws a number.</summary>
    public double Sample(SeededRandom random) => random.Uniform(Low, High);
}
