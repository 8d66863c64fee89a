using Hypir.Training.Degradation;

namespace Hypir.Training.Photos;

/// <summary>
/// A fine pattern on a shape of <see cref="DeadLeaves"/>: what cloth, roofs, fences, grass and sand have, and smooth photos lack. A network
/// that never sees texture of one or two pixels takes it for noise.
/// </summary>
/// <param name="Kind">What repeats.</param>
/// <param name="Period">Pixels of the generated image from one repetition to the next, or the size of a grain.</param>
/// <param name="Angle">The pattern's direction in radians.</param>
/// <param name="Contrast">The largest deviation from the shape's color, where white is 1 above black.</param>
/// <param name="Seed">Chooses the grains.</param>
public sealed record LeafPattern(LeafPatternKind Kind, double Period, double Angle, double Contrast, long Seed)
{
    private const double FinestPeriod = 2.5, WidestPeriod = 28, LeastContrast = 0.04, MostContrast = 0.45;

    private readonly (double Sine, double Cosine) _turn = Math.SinCos(Angle);

    /// <summary>Draws a pattern.</summary>
    public static LeafPattern Draw(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        // As many octaves of small periods as of large ones, and more weak patterns than strong ones.
        double period = FinestPeriod * Math.Pow(WidestPeriod / FinestPeriod, random.Unit());
        double contrast = LeastContrast + (MostContrast - LeastContrast) * random.Unit() * random.Unit();
        return new(random.Pick(Enum.GetValues<LeafPatternKind>()), period, random.Uniform(0, Math.PI), contrast, random.Seed());
    }

    /// <summary>The deviation from the shape's color.</summary>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    public double At(int x, int y)
    {
        double u = (x * _turn.Cosine + y * _turn.Sine) / Period, v = (y * _turn.Cosine - x * _turn.Sine) / Period;
        return Contrast * Kind switch
        {
            LeafPatternKind.Stripes => Square(u),
            LeafPatternKind.Checks => Square(u) * Square(v),
            LeafPatternKind.Dots => Math.Sin(2 * Math.PI * u) * Math.Sin(2 * Math.PI * v),
            _ => Grain((long)Math.Floor(u), (long)Math.Floor(v)),
        };
    }

    private static double Square(double phase) => phase - Math.Floor(phase) < 0.5 ? 1 : -1;

    /// <summary>A number from -1 to 1 for each cell.</summary>
    private double Grain(long column, long row) =>
        2 * new SeededRandom(Seed ^ (column << 32) ^ (row & 0xFFFF_FFFF)).Unit() - 1;
}

/// <summary>What repeats in a <see cref="LeafPattern"/>.</summary>
public enum LeafPatternKind
{
    /// <summary>Parallel stripes.</summary>
    Stripes,

    /// <summary>A checkerboard.</summary>
    Checks,

    /// <summary>Soft dots.</summary>
    Dots,

    /// <summary>Cells of random brightness.</summary>
    Grain,
}
