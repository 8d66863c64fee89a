

using Hypir.Training.Degradation.Kernels;

namespace Hypir.Training.Degradation.Ranges;

/// <summary>The ranges for the blur kernels of one stage. The defaults are the reference's first stage.</summary>
public sealed record BlurRanges
{
    /// <summary>Probability of blur; otherwise the kernel is a pulse, which has no effect.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The kinds to draw from when it is not a sinc.</summary>
    public IReadOnlyList<KernelKind> Kinds { get; init; } =
    [
        KernelKind.Iso, KernelKind.Aniso, KernelKind.GeneralizedIso, KernelKind.GeneralizedAniso, KernelKind.PlateauIso,
        KernelKind.PlateauAniso,
    ];

    /// <summary>The probability of each kind, sum 1.</summary>
    public IReadOnlyList<double> KindProbabilities { get; init; } = [0.45, 0.25, 0.12, 0.03, 0.12, 0.03];

    /// <summary>Probability of a sinc instead of the other kinds.</summary>
    public double SincProbability { get; init; } = 0.1;

    /// <summary>
    /// Side of the square that the reference zero-pads kernels to; sizes may not exceed it. The zeros have no effect, so here a batch's
    /// kernels are only as large as its largest.
    /// </summary>
    public int Side { get; init; } = 21;

    /// <summary>Side lengths.</summary>
    public SizeRange Sizes { get; init; } = new(7, 21);

    /// <summary>Standard deviations in pixels, on both axes.</summary>
    public ValueRange Sigma { get; init; } = new(0.2, 3);

    /// <summary>Angles of elliptical kernels in radians.</summary>
    public ValueRange Rotation { get; init; } = new(-Math.PI, Math.PI);

    /// <summary>Powers of generalized kernels; the range contains 1.</summary>
    public ValueRange GeneralizedBeta { get; init; } = new(0.5, 4);

    /// <summary>Powers of plateau kernels; the range contains 1.</summary>
    public ValueRange PlateauBeta { get; init; } = new(1, 2);

    /// <summary>Probability that a power is drawn between the lower bound and 1, not between 1 and the upper bound.</summary>
    public double BetaBelowOneProbability { get; init; } = 0.5;

    /// <summary>Cut-off frequencies of sinc kernels smaller than <see cref="SincLargeFrom"/>, in radians a pixel.</summary>
    public ValueRange SincCutoffSmall { get; init; } = new(Math.PI / 3, Math.PI);

    /// <summary>Cut-off frequencies of the larger sinc kernels.</summary>
    public ValueRange SincCutoffLarge { get; init; } = new(Math.PI / 5, Math.PI);

    /// <summary>The size from which a sinc kernel counts as large.</summary>
    public int SincLargeFrom { get; init; } = 13;
}
