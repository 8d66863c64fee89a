namespace Hypir.Imaging.Tests;

/// <summary>
/// CIEDE2000 after Sharma, Wu and Dalal (Color Research and Application 30, 2005), and Lab (D50) of sRGB after IEC 61966-2-1.
/// </summary>
internal static class DeltaE
{
    /// <summary>
    /// L*, a*, b* relative to D50 of an sRGB color, samples 0 to 1; the matrix is sRGB's, adapted to D50 after Bradford.
    /// </summary>
    internal static (double L, double A, double B) Lab(double red, double green, double blue)
    {
        double r = Linear(red), g = Linear(green), b = Linear(blue);
        double x = F((0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.9642);
        double y = F(0.2225045 * r + 0.7168786 * g + 0.0606169 * b);
        double z = F((0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.8249);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));

        static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    internal static double Of((double L, double A, double B) one, (double L, double A, double B) two)
    {
        double meanC7 = Math.Pow((Math.Sqrt(one.A * one.A + one.B * one.B) + Math.Sqrt(two.A * two.A + two.B * two.B)) / 2, 7);
        double g = 0.5 * (1 - Math.Sqrt(meanC7 / (meanC7 + Math.Pow(25, 7))));
        double a1 = (1 + g) * one.A,
            a2 = (1 + g) * two.A;
        double c1 = Math.Sqrt(a1 * a1 + one.B * one.B),
            c2 = Math.Sqrt(a2 * a2 + two.B * two.B);
        double h1 = Hue(a1, one.B),
            h2 = Hue(a2, two.B);
        double dh =
            c1 * c2 == 0 ? 0
            : h2 - h1 > 180 ? h2 - h1 - 360
            : h2 - h1 < -180 ? h2 - h1 + 360
            : h2 - h1;
        double meanH =
            c1 * c2 == 0 ? h1 + h2
            : Math.Abs(h1 - h2) <= 180 ? (h1 + h2) / 2
            : h1 + h2 < 360 ? (h1 + h2 + 360) / 2
            : (h1 + h2 - 360) / 2;
        double meanL = (one.L + two.L) / 2,
            meanC = (c1 + c2) / 2;
        double t = 1 - 0.17 * Cos(meanH - 30) + 0.24 * Cos(2 * meanH) + 0.32 * Cos(3 * meanH + 6) - 0.20 * Cos(4 * meanH - 63);
        double l50 = (meanL - 50) * (meanL - 50);
        double sl = 1 + 0.015 * l50 / Math.Sqrt(20 + l50), sc = 1 + 0.045 * meanC, sh = 1 + 0.015 * meanC * t;
        double c7 = Math.Pow(meanC, 7);
        double rt = -2 * Math.Sqrt(c7 / (c7 + Math.Pow(25, 7))) * Math.Sin(60 * Math.Exp(-Math.Pow((meanH - 275) / 25, 2)) * Math.PI / 180);
        double l = (two.L - one.L) / sl, c = (c2 - c1) / sc, h = 2 * Math.Sqrt(c1 * c2) * Math.Sin(dh / 2 * Math.PI / 180) / sh;
        return Math.Sqrt(l * l + c * c + h * h + rt * c * h);
    }

    private static double Hue(double a, double b) => a == 0 && b == 0 ? 0 : (Math.Atan2(b, a) * 180 / Math.PI + 360) % 360;

    private static double Cos(double degrees) => Math.Cos(degrees * Math.PI / 180);
}
