namespace Hypir.Imaging.Jpeg;

/// <summary>
/// Moves a restored image to the nearest one that its JPEG file allows: compressed again the same way, it gives the same coefficients.
/// Projecting onto this set is due to A. Zakhor, "Iterative procedures for reduction of blocking effects in transform image coding", 1992.
/// </summary>
public static class JpegProjection
{
    /// <summary>Rounds: each one puts right what rounding to levels, and the limits at black and white, undid in the one before.</summary>
    private const int Rounds = 12;

    /// <summary>
    /// The standard deviation of a coefficient after R, G, B and Y are rounded is 0.35 (the root of (0.45 + 1) / 12): the first round keeps
    /// twice that far from the ends of the interval, and each further one a little more.
    /// </summary>
    private const float FirstMargin = 0.7f, MoreMargin = 0.2f;

    /// <summary>Blocks that are compared to know whether coefficients belong to an image.</summary>
    private const int Probes = 64;

    /// <summary>
    /// Squared levels. Where only compression was undone, it was at most 0.37 on eleven photos, at any quality; where noise or blur was
    /// undone, nearly always more (docs/small-model.md). Then the file is the wrong guide: its coefficients have that damage too.
    /// </summary>
    private const double MostExcess = 0.5;

    /// <summary>How far an image conflicts with its file's coefficients.</summary>
    /// <param name="jpeg">The coefficients.</param>
    /// <param name="rgb">R, G, B of an image of the file's pixels, or of the part that the coefficients were cut to.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static JpegConflict Measure(JpegCoefficients jpeg, byte[] rgb, int width, int height) =>
        Run(jpeg, rgb, width, height, rounds: 0);

    /// <summary>Projects an image in place. Units of blocks that do not conflict stay as they are.</summary>
    /// <param name="jpeg">The coefficients.</param>
    /// <param name="rgb">R, G, B of an image of the file's pixels, or of the part that the coefficients were cut to.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <returns>The conflict that remains, since levels are whole numbers.</returns>
    public static JpegConflict Apply(JpegCoefficients jpeg, byte[] rgb, int width, int height) => Run(jpeg, rgb, width, height, Rounds);

    /// <summary>Projects an image in place if only compression was undone: otherwise the file is the wrong guide.</summary>
    /// <param name="jpeg">The coefficients.</param>
    /// <param name="rgb">R, G, B of an image of the file's pixels, or of the part that the coefficients were cut to.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static void ApplyIfOnlyCompressed(JpegCoefficients jpeg, byte[] rgb, int width, int height)
    {
        if (Measure(jpeg, rgb, width, height).Excess <= MostExcess)
            Apply(jpeg, rgb, width, height);
    }

    /// <summary>Whether coefficients are those of an image as decoded: otherwise their tables or positions were misunderstood.</summary>
    internal static bool Agrees(JpegCoefficients jpeg, RasterImage image)
    {
        var grid = new PixelGrid(jpeg, image.Width, image.Height);
        var unit = new JpegUnit(jpeg);
        long units = (long)jpeg.Header.Columns * jpeg.Header.Rows;
        UnitConflict sum = default;
        for (long probe = 0; probe < Math.Min(Probes, units); probe++)
        {
            long at = probe * units / Math.Min(Probes, units);
            if (unit.Take(image.Rgb, grid, (int)(at % jpeg.Header.Columns), (int)(at / jpeg.Header.Columns)))
                sum += unit.Compare(0);
        }

        // Rounding adds about 0.12 to each variance, and cutting at black and white some more where blocks ring.
        return sum.Excess <= 0.5 * sum.Noise + 0.5 * BlockTransform.Size * Probes;
    }

    private static JpegConflict Run(JpegCoefficients jpeg, byte[] rgb, int width, int height, int rounds)
    {
        ArgumentNullException.ThrowIfNull(jpeg);
        ArgumentNullException.ThrowIfNull(rgb);
        if (rgb.LongLength != 3L * width * height)
            throw new ArgumentException($"{width}x{height} pixels need {3L * width * height} bytes.", nameof(rgb));
        var grid = new PixelGrid(jpeg, width, height);
        var rows = new UnitConflict[jpeg.Header.Rows];
        Parallel.For(0, rows.Length, () => new JpegUnit(jpeg), (row, _, unit) =>
        {
            UnitConflict sum = default;
            for (int column = 0; column < jpeg.Header.Columns; column++)
            {
                if (unit.Take(rgb, grid, column, row))
                    sum += Settle(unit, rgb, rounds);
            }

            rows[row] = sum;
            return unit;
        }, _ => { });
        UnitConflict all = rows.Aggregate((a, b) => a + b);
        return new(all.Outside, all.Samples > 0 ? all.Excess / all.Samples : 0);
    }

    private static UnitConflict Settle(JpegUnit unit, byte[] rgb, int rounds)
    {
        UnitConflict conflict = unit.Compare(FirstMargin);
        for (int round = 1; round <= rounds && conflict.Outside > 0; round++)
        {
            unit.Correct();
            conflict = unit.Compare(FirstMargin + round * MoreMargin);
            if (round == rounds || conflict.Outside == 0)
                unit.Put(rgb);
        }

        return conflict;
    }
}

/// <summary>How far an image is from what its JPEG file allows.</summary>
/// <param name="Coefficients">Coefficients that libjpeg would store otherwise than the file has them.</param>
/// <param name="Excess">
/// The mean square by which luma leaves its intervals, in squared levels: a few tenths at most where only compression was undone, more
/// where noise or blur was.
/// </param>
public readonly record struct JpegConflict(long Coefficients, double Excess);
