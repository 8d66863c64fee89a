using Hypir.Training.Degradation;

namespace Hypir.Training.Photos;

/// <summary>A mark on an old print: a curve with a width, a brightness, and an opacity that varies along it.</summary>
/// <param name="From">Its beginning, in pixels of the window.</param>
/// <param name="Over">The middle point of a quadratic Bézier curve.</param>
/// <param name="To">Its end; that of a speck of dust is its beginning.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Level">Its brightness, 0 to 255.</param>
/// <param name="Opacity">How much of the image it hides at most, 0 to 1.</param>
/// <param name="Gaps">How much less it hides at its faintest, 0 to 1.</param>
/// <param name="Phase">Where along the curve it is faint, in radians.</param>
public sealed record PhotoMark(
    (double X, double Y) From, (double X, double Y) Over, (double X, double Y) To, double Width, double Level, double Opacity, double Gaps,
    double Phase);

/// <summary>Draws and paints the marks of old prints: scratches, hairs, dust and folds.</summary>
internal static class PhotoMarks
{
    // Shares of the kinds; the rest are folds.
    private const double Scratches = 0.45, Hairs = 0.15, Dust = 0.35;

    // Most marks of a window. Most windows have one or two.
    private const int Most = 4;

    // Faint and strong parts of a mark, in radians of the wave along it.
    private const double Wave = 9;

    /// <summary>Draws the marks of a window.</summary>
    /// <param name="random">The sample's stream.</param>
    /// <param name="side">Side of the window in pixels.</param>
    public static IReadOnlyList<PhotoMark> Draw(SeededRandom random, int side)
    {
        double most = random.Unit();
        int count = 1 + (int)(most * most * Most);
        return [.. Enumerable.Range(0, count).Select(_ => DrawOne(random, side))];
    }

    /// <summary>Paints marks.</summary>
    /// <param name="samples">R, G, B, row after row, of 255 levels; they are changed.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="marks">The marks.</param>
    public static void Apply(float[] samples, int width, int height, IReadOnlyList<PhotoMark> marks)
    {
        foreach (PhotoMark mark in marks)
        {
            float[] coverage = new float[width * height];
            Paint(coverage, width, height, mark);
            for (int i = 0; i < coverage.Length; i++)
            {
                if (coverage[i] == 0)
                    continue;
                for (int c = 0; c < 3; c++)
                    samples[3 * i + c] += coverage[i] * ((float)mark.Level - samples[3 * i + c]);
            }
        }
    }

    /// <summary>How much of a crop's pixels its marks hide, row after row: 0 for nothing, 1 for all.</summary>
    /// <param name="plan">The crop's plan.</param>
    public static float[] Coverage(PhotoPlan plan)
    {
        int side = PhotoDamage.Window(plan.Crop.Size), size = plan.Crop.Size;
        var window = new float[side * side];
        foreach (PhotoMark mark in plan.Marks)
            Paint(window, side, side, mark);
        var crop = new float[size * size];
        for (int row = 0; row < size; row++)
        {
            Array.Copy(
                window, (PhotoDamage.Margin + plan.Shift.Y + row) * side + PhotoDamage.Margin + plan.Shift.X, crop, row * size, size);
        }

        return crop;
    }

    private static PhotoMark DrawOne(SeededRandom random, int side)
    {
        double kind = random.Unit(), bright = random.Unit(), level = random.Unit();
        double value = bright < 0.65 ? 200 + 55 * level : 90 * level;
        double opacity = random.Uniform(0.35, 1), phase = random.Uniform(0, 2 * Math.PI);
        var middle = (X: random.Uniform(0, side), Y: random.Uniform(0, side));
        double angle = random.Uniform(0, Math.PI), bend = random.Uniform(-1, 1), long_ = random.Unit(), width = random.Unit();
        return kind switch
        {
            // Scratches follow the transport of the film or the edge of what touched the print: nearly straight, often upright.
            < Scratches => Curve(level < 0.5 ? Math.PI / 2 + 0.15 * (angle - Math.PI / 2) : angle, side * (0.3 + 1.2 * long_), 0.06,
                1 + 2.5 * width * width, opacity, 0.8),
            < Scratches + Hairs => Curve(angle, side * (0.1 + 0.3 * long_), 0.8, 0.8 + 0.8 * width, opacity, 0.3),
            < Scratches + Hairs + Dust => Curve(angle, 3 * long_, 0.3, 1 + 4 * width * width, opacity, 0),
            _ => Curve(angle, 3 * side, 0.02, 3 + 2 * width, 0.25 + 0.5 * opacity, 0.7),
        };

        PhotoMark Curve(double direction, double length, double curl, double thickness, double hides, double gaps)
        {
            double dx = Math.Cos(direction) * length / 2, dy = Math.Sin(direction) * length / 2, off = curl * bend;
            return new(
                (middle.X - dx, middle.Y - dy), (middle.X - off * dy, middle.Y + off * dx), (middle.X + dx, middle.Y + dy), thickness,
                value, hides, gaps, phase);
        }
    }

    /// <summary>Adds a mark's coverage: the most of all points that are near, softened over a pixel.</summary>
    private static void Paint(float[] coverage, int width, int height, PhotoMark mark)
    {
        double length = Distance(mark.From, mark.Over) + Distance(mark.Over, mark.To), half = mark.Width / 2;
        int steps = Math.Max(1, (int)Math.Ceiling(2 * length));
        for (int step = 0; step <= steps; step++)
        {
            double t = (double)step / steps, u = 1 - t;
            double x = u * u * mark.From.X + 2 * u * t * mark.Over.X + t * t * mark.To.X;
            double y = u * u * mark.From.Y + 2 * u * t * mark.Over.Y + t * t * mark.To.Y;
            double hides = mark.Opacity * (1 - mark.Gaps * (0.5 + 0.5 * Math.Sin(Wave * t + mark.Phase)));
            int reach = (int)Math.Ceiling(half + 1);
            for (int row = Math.Max(0, (int)y - reach); row <= Math.Min(height - 1, (int)y + reach); row++)
            {
                for (int column = Math.Max(0, (int)x - reach); column <= Math.Min(width - 1, (int)x + reach); column++)
                {
                    double near = Math.Clamp(half + 0.5 - Distance((column, row), (x, y)), 0, 1);
                    ref float here = ref coverage[row * width + column];
                    here = Math.Max(here, (float)(near * hides));
                }
            }
        }
    }

    private static double Distance((double X, double Y) a, (double X, double Y) b) =>
        Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));
}
