namespace Hypir.Training.Degradation.Jpeg;

/// <summary>
/// The quantisation tables of ITU-T T.81 annex K, read by columns: the reference has them transposed against the standard, and so do its weights' training
/// pictures. Only the luminance table is not symmetric.
/// </summary>
internal static class JpegTables
{
    /// <summary>Luminance (table K.1), as the standard prints it: row = vertical frequency.</summary>
    private static readonly double[] Luminance =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>Chrominance (table K.2).</summary>
    private static readonly double[] Chrominance =
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The 64 divisors of a block of luminance or chrominance at quality 50, row after row of the transposed table.</summary>
    public static double[] Divisors(bool luminance)
    {
        double[] standard = luminance ? Luminance : Chrominance;
        var transposed = new double[64];
        for (int i = 0; i < 64; i++)
            transposed[i] = standard[i % 8 * 8 + i / 8];
        return transposed;
    }
}
