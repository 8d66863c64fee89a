using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Kernels;

/// <summary>
/// One blur kernel, given by its parameters. A recipe stores these instead of the weights to be readable; <see cref="BlurKernels.Weights"/>
/// computes the weights.
/// </summary>
public sealed record KernelSpec
{
    /// <summary>The kind, which determines the other values that are used.</summary>
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

    /// <summary>Cut-off frequency of a sinc kernel in radians a pixel: pi keeps everything up to the Nyquist frequency.</summary>
    public double? Cutoff { get; init; }

    /// <summary>A kernel of one 1: no blur.</summary>
    public static KernelSpec Pulse { get; } = new() { Kind = KernelKind.Pulse, Size = 1 };
}

/// <summary>
/// The kinds of blur kernel. In files they have the reference's names: <c>iso</c>, <c>generalized_aniso</c>, <c>sinc</c> …
/// </summary>
public enum KernelKind
{
    /// <summary>A round Gaussian.</summary>
    Iso,

    /// <summary>An elliptical Gaussian, turned by an angle.</summary>
    Aniso,

    /// <summary>A round Gaussian whose exponent is raised to a power: peaked below 1, flat above.</summary>
    GeneralizedIso,

    /// <summary>The elliptical form of <see cref="GeneralizedIso"/>.</summary>
    GeneralizedAniso,

    /// <summary>A round plateau: flat at the center, falling off as a power.</summary>
    PlateauIso,

    /// <summary>The elliptical form of <see cref="PlateauIso"/>.</summary>
    PlateauAniso,

    /// <summary>An ideal circular low-pass filter, truncated to a square: it rings like over-sharpened and over-compressed
    /// images.</summary>
    Sinc,

    /// <summary>A single 1 at the center: no blur.</summary>
    Pulse,
}

/// <summary>Kernels of a batch as one tensor.</summary>
public static class KernelBatch
{
    /// <summary>Computes the weights, zero-padded to squares of equal size.</summary>
    /// <param name="specs">One kernel per image.</param>
    /// <param name="side">Side of the squares, odd; null for the size of the largest kernel, which gives the same result at less
    /// cost.</param>
    /// <param name="device">The target device; null for the CPU.</param>
    /// <returns>(images, side, side), float32.</returns>
    /// <exception cref="ArgumentException">A kernel is larger than <paramref name="side"/>, or <paramref name="side"/> is even.</exception>
    public static Tensor Build(IReadOnlyList<KernelSpec> specs, int? side = null, Device? device = null)
    {
        int width = side ?? specs.Max(spec => spec.Size);
        if (width % 2 == 0)
            throw new ArgumentException($"A kernel's side is an odd number, not {width}.", nameof(side));
        var values = new float[specs.Count * width * width];
        for (int i = 0; i < specs.Count; i++)
        {
            if (specs[i].Size > width)
                throw new ArgumentException($"A kernel of {specs[i].Size} pixels does not fit into {width}.", nameof(side));
            Place(BlurKernels.Weights(specs[i]), values.AsSpan(i * width * width, width * width), width);
        }
        return tensor(values, [specs.Count, width, width], float32, device ?? CPU);
    }

    private static void Place(double[,] weights, Span<float> square, int width)
    {
        int size = weights.GetLength(0), margin = (width - size) / 2;
        for (int row = 0; row < size; row++)
            for (int column = 0; column < size; column++)
                square[(row + margin) * width + column + margin] = (float)weights[row, column];
    }
}
