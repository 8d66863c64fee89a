namespace Hypir.Engine.Tests;

/// <summary>An image of discs, whose damage is known.</summary>
internal static class Discs
{
    private const int Grid = 40;

    /// <summary>Samples in 8 bits, RGB, row after row.</summary>
    /// <param name="side">Width and height.</param>
    /// <param name="blur">Width of the edges in pixels: 0.3 is sharp, 4 strongly blurred.</param>
    public static byte[] Samples(int side, double blur)
    {
        byte[] samples = new byte[3 * side * side];
        for (int i = 0; i < side * side; i++)
        {
            double x = i % side % Grid - Grid / 2 + 0.3, y = i / side % Grid - Grid / 2 + 0.1;
            double share = 0.5 + 0.5 * Math.Tanh((12 - Math.Sqrt(x * x + y * y)) / blur);
            for (int c = 0; c < 3; c++)
                samples[3 * i + c] = (byte)Math.Round(40 + 20 * c + 150 * share);
        }

        return samples;
    }
}
