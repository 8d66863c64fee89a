namespace Hypir.Training.Degradation.Ranges;

/// <summary>What resizing, noise and JPEG of one stage are drawn from. The defaults are the reference's first stage.</summary>
public sealed record StageRanges
{
    /// <summary>How often a picture is enlarged, shrunk or kept, in this order, sum 1.</summary>
    public IReadOnlyList<double> ResizeProbabilities { get; init; } = [0.2, 0.7, 0.1];

    /// <summary>Factors: from the lower bound to 1 when shrinking, from 1 to the upper bound when enlarging.</summary>
    public ValueRange Resize { get; init; } = new(0.15, 1.5);

    /// <summary>How often a picture gets noise.</summary>
    public double NoiseProbability { get; init; } = 1;

    /// <summary>How often the noise is Gaussian; else it is Poisson noise.</summary>
    public double GaussianProbability { get; init; } = 0.5;

    /// <summary>Standard deviations of Gaussian noise, in levels of 255.</summary>
    public ValueRange Gaussian { get; init; } = new(1, 30);

    /// <summary>Strengths of Poisson noise; 1 is the physical one.</summary>
    public ValueRange Poisson { get; init; } = new(0.05, 3);

    /// <summary>How often the noise is grey.</summary>
    public double GreyProbability { get; init; } = 0.4;

    /// <summary>How often a picture is compressed.</summary>
    public double JpegProbability { get; init; } = 1;

    /// <summary>JPEG qualities.</summary>
    public ValueRange Quality { get; init; } = new(30, 95);
}
