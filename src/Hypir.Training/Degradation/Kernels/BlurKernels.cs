using MathNet.Numerics;

namespace Hypir.Training.Degradation.Kernels;

/// <summary>
/// The weights of blur kernels, in float64, each summing to 1. Coordinates are pixels from the kernel's center, x to the right and y down.
/// With the covariance <c>S = R(theta) diag(sigma_x^2, sigma_y^2) R(theta)^T</c> and <c>q = p^T S^-1 p</c> for a point p = (x, y), the
/// families are functions of q alone. The set of kinds is that of Wang et al., "Real-ESRGAN" (2021), section 3.1; the formulas are cited
/// with each method.
/// </summary>
public static class BlurKernels
{
    /// <summary>Computes the weights of a kernel.</summary>
    /// <param name="spec">Kind and parameters.</param>
    /// <returns>A square array of <see cref="KernelSpec.Size"/> rows, sum 1.</returns>
    /// <exception cref="ArgumentException">A parameter that the kind needs is missing or out of its range.</exception>
    public static double[,] Weights(KernelSpec spec) => spec.Kind switch
    {
        KernelKind.Pulse => Pulse(spec.Size),
        KernelKind.Sinc => Sinc(spec.Size, Need(spec.Cutoff, "cutoff")),
        KernelKind.Iso or KernelKind.Aniso => Gaussian(spec.Size, Shape(spec)),
        KernelKind.GeneralizedIso or KernelKind.GeneralizedAniso => Generalized(spec.Size, Shape(spec), Need(spec.Beta, "beta")),
        _ => Plateau(spec.Size, Shape(spec), Need(spec.Beta, "beta")),
    };

    /// <summary>
    /// <c>exp(-q/2)</c>, the bivariate normal density without its constant factor.
    /// </summary>
    public static double[,] Gaussian(int size, Ellipse shape) => Normalized(size, (x, y) => Math.Exp(-0.5 * shape.SquaredDistance(x, y)));

    /// <summary>
    /// <c>exp(-q^beta / 2)</c>: the multivariate generalized Gaussian of Pascal et al., "Parameter estimation for multivariate generalized
    /// Gaussian distributions" (IEEE TSP 2013), without its constant factor. beta = 1 is the normal density, below 1 it is more peaked,
    /// above it flatter.
    /// </summary>
    public static double[,] Generalized(int size, Ellipse shape, double beta) =>
        Normalized(size, (x, y) => Math.Exp(-0.5 * Math.Pow(shape.SquaredDistance(x, y), beta)));

    /// <summary>
    /// <c>1 / (1 + q^beta)</c>: the plateau-shaped kernel of Real-ESRGAN (section 3.1), flat within one standard deviation and falling off
    /// as a power.
    /// </summary>
    public static double[,] Plateau(int size, Ellipse shape, double beta) =>
        Normalized(size, (x, y) => 1 / (1 + Math.Pow(shape.SquaredDistance(x, y), beta)));

    /// <summary>
    /// <c>w J1(w r) / (2 pi r)</c> with J1 the Bessel function of first kind and order, and its limit <c>w^2 / (4 pi)</c> at r = 0: the
    /// impulse response of the ideal circular low-pass filter with cut-off w (Real-ESRGAN, section 3.3). Truncating it to a square causes
    /// ringing.
    /// </summary>
    /// <param name="size">Side length, odd.</param>
    /// <param name="cutoff">w in radians a pixel, above 0 and at most pi for a filter that the grid can hold.</param>
    public static double[,] Sinc(int size, double cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cutoff);
        return Normalized(size, (x, y) =>
        {
            double r = Math.Sqrt(x * x + y * y);
            return r == 0 ? cutoff * cutoff / (4 * Math.PI) : cutoff * SpecialFunctions.BesselJ(1, cutoff * r) / (2 * Math.PI * r);
        });
    }

    /// <summary>1 at the center, 0 elsewhere.</summary>
    public static double[,] Pulse(int size) => Normalized(size, (x, y) => x == 0 && y == 0 ? 1 : 0);

    private static Ellipse Shape(KernelSpec spec)
    {
        double sigma = Need(spec.SigmaX, "sigma_x");
        return spec.Kind is KernelKind.Iso or KernelKind.GeneralizedIso or KernelKind.PlateauIso
            ? Ellipse.Circle(sigma)
            : new Ellipse(sigma, Need(spec.SigmaY, "sigma_y"), spec.Theta ?? 0);
    }

    private static double Need(double? value, string name) => value is > 0
        ? value.Value
        : throw new ArgumentException($"This kind of kernel needs a {name} above 0.");

    private static double[,] Normalized(int size, Func<double, double, double> weight)
    {
        if (size < 1 || size % 2 == 0)
            throw new ArgumentException($"A kernel's side is an odd number, not {size}.");
        var values = new double[size, size];
        double sum = 0;
        int middle = size / 2;
        for (int row = 0; row < size; row++)
            for (int column = 0; column < size; column++)
                sum += values[row, column] = weight(column - middle, row - middle);
        for (int row = 0; row < size; row++)
            for (int column = 0; column < size; column++)
                values[row, column] /= sum;
        return values;
    }
}

/// <summary>The covariance <c>R(theta) diag(sigma_x^2, sigma_y^2) R(theta)^T</c> of a kernel, prepared for computing distances.</summary>
public readonly struct Ellipse
{
    private readonly double _xx, _xy, _yy;

    /// <summary>An ellipse with the given half axes.</summary>
    /// <param name="sigmaX">Standard deviation along the first axis, above 0.</param>
    /// <param name="sigmaY">Standard deviation along the second axis, above 0.</param>
    /// <param name="theta">Angle of the first axis in radians.</param>
    public Ellipse(double sigmaX, double sigmaY, double theta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigmaX);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigmaY);
        (double sine, double cosine) = Math.SinCos(theta);
        double a = 1 / (sigmaX * sigmaX), b = 1 / (sigmaY * sigmaY);
        _xx = a * cosine * cosine + b * sine * sine;
        _xy = (a - b) * cosine * sine;
        _yy = a * sine * sine + b * cosine * cosine;
    }

    /// <summary>A circle: the same standard deviation in all directions.</summary>
    public static Ellipse Circle(double sigma) => new(sigma, sigma, 0);

    /// <summary><c>q = p^T S^-1 p</c>, the squared Mahalanobis distance of a point from the center.</summary>
    public double SquaredDistance(double x, double y) => _xx * x * x + 2 * _xy * x * y + _yy * y * y;
}
