namespace Hypir.Training.Degradation.Kernels;

/// <summary>The covariance <c>R(theta) diag(sigma_x^2, sigma_y^2) R(theta)^T</c> of a kernel, ready to measure distances with.</summary>
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

    /// <summary><c>q = p^T S^-1 p</c>, the squared Mahalanobis distance of a point from the middle.</summary>
    public double SquaredDistance(double x, double y) => _xx * x * x + 2 * _xy * x * y + _yy * y * y;
}
