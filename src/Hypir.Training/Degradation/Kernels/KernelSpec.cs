namespace Hypir.Training.Degradation.Kernels;

/// <summary>
/// One blur kernel, told by its parameters. A recipe holds these instead of the weights, so that a person can read what was done;
/// <see cref="BlurKernels.Weights"/> computes the weights.
/// </summary>
public sealed record KernelSpec
{
    /// <summary>The kind; it says which of the other values are used.</summary>
    public required KernelKind Kind { get; init; }

    /// <summary>Side length in pixels, odd, at least 1.</summary>
    public required int Size { get; init; }

    /// <summary>Standard deviation along the first axis in pixels, above 0; all kinds but sinc and pulse.</summary>
    public double? SigmaX { get; init; }

    /// <summary>Standard deviation along the second axis in pixels, above 0; only the elliptical kinds use it.</summary>
    public double? SigmaY { get; init; }

    /// <summary>Angle in radians by which an elliptical kernel is turned.</summary>
    public double? Theta { get; init; }

    /// <summary>The power of the generalized and plateau kinds, above 0; 1 gives a generalized kernel the Gaussian's shape.</summary>
    public double? Beta { get; init; }

    /// <summary>Cut-off frequency of a sinc kernel in radians a pixel: pi keeps everything that a grid can hold.</summary>
    public double? Cutoff { get; init; }

    /// <summary>A kernel of one 1: no blur.</summary>
    public static KernelSpec Pulse { get; } = new() { Kind = KernelKind.Pulse, Size = 1 };
}
