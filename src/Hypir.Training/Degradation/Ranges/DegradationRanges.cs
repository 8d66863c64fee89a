namespace Hypir.Training.Degradation.Ranges;

/// <summary>
/// Everything that recipes are drawn from: the two-stage degradation of Real-ESRGAN (Wang et al. 2021). The defaults are the values that
/// the reference trains with, those that it hard-codes included.
/// </summary>
public sealed record DegradationRanges
{
    /// <summary>Whether clean images are sharpened before they are damaged.</summary>
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

    /// <summary>By how much the second stage shrinks the image against its first size, besides its own factor; at least 1.</summary>
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

/// <summary>What resizing, noise and JPEG of one stage are drawn from. The defaults are the reference's first stage.</summary>
public sealed record StageRanges
{
    /// <summary>How often an image is enlarged, shrunk or kept, in this order, sum 1.</summary>
    public IReadOnlyList<double> ResizeProbabilities { get; init; } = [0.2, 0.7, 0.1];

    /// <summary>Factors: from the lower bound to 1 when shrinking, from 1 to the upper bound when enlarging.</summary>
    public ValueRange Resize { get; init; } = new(0.15, 1.5);

    /// <summary>How often an image gets noise.</summary>
    public double NoiseProbability { get; init; } = 1;

    /// <summary>How often the noise is Gaussian; else it is Poisson noise.</summary>
    public double GaussianProbability { get; init; } = 0.5;

    /// <summary>Standard deviations of Gaussian noise, in levels of 255.</summary>
    public ValueRange Gaussian { get; init; } = new(1, 30);

    /// <summary>Strengths of Poisson noise; 1 is the physical one.</summary>
    public ValueRange Poisson { get; init; } = new(0.05, 3);

    /// <summary>How often the noise is gray.</summary>
    public double GreyProbability { get; init; } = 0.4;

    /// <summary>How often an image is compressed.</summary>
    public double JpegProbability { get; init; } = 1;

    /// <summary>JPEG qualities.</summary>
    public ValueRange Quality { get; init; } = new(30, 95);
}

/// <summary>What the last filter of the pipeline is drawn from. The defaults are the reference's.</summary>
public sealed record FinalSincRanges
{
    /// <summary>How often there is one; else a pulse, which changes nothing.</summary>
    public double Probability { get; init; } = 0.8;

    /// <summary>Side lengths.</summary>
    public SizeRange Sizes { get; init; } = new(7, 21);

    /// <summary>Cut-off frequencies in radians a pixel.</summary>
    public ValueRange Cutoff { get; init; } = new(Math.PI / 3, Math.PI);
}

/// <summary>Odd kernel sizes between two bounds, all equally likely.</summary>
/// <param name="Low">The smallest, odd, at least 1.</param>
/// <param name="High">The largest, odd, not below <paramref name="Low"/>.</param>
public readonly record struct SizeRange(int Low, int High)
{
    /// <summary>Draws a size.</summary>
    public int Sample(SeededRandom random) => Low + 2 * random.Whole(0, (High - Low) / 2);
}

/// <summary>Numbers between two bounds, all equally likely.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound, not below <paramref name="Low"/>.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>Draws a number.</summary>
    public double Sample(SeededRandom random) => random.Uniform(Low, High);
}
