namespace Hypir.Imaging;

/// <summary>Which samples of a row make each sample of the scaled row, and with what weights (they sum to 1; at the ends fewer share it).</summary>
internal sealed class CubicTaps
{
    private const double Reach = 2;

    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="sourceCount">Samples of the row.</param>
    /// <param name="count">Samples of the scaled row.</param>
    internal CubicTaps(int sourceCount, int count)
    {
        (SourceCount, Count, _first, _weights) = (sourceCount, count, new int[count], new float[count][]);
        double step = (double)sourceCount / count, stretch = Math.Max(1, step);
        for (int i = 0; i < count; i++)
        {
            double centre = (i + 0.5) * step;
            int first = Math.Max(0, (int)Math.Floor(centre - Reach * stretch + 0.5));
            int end = Math.Min(sourceCount, (int)Math.Floor(centre + Reach * stretch + 0.5));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(j => CatmullRom((j + 0.5 - centre) / stretch))];
            double sum = weights.Sum();
            _first[i] = first;
            _weights[i] = [.. weights.Select(weight => (float)(weight / sum))];
            Most = Math.Max(Most, weights.Length);
        }
    }

    /// <summary>Samples of the row.</summary>
    internal int SourceCount { get; }

    /// <summary>Samples of the scaled row.</summary>
    internal int Count { get; }

    /// <summary>The most samples that make one.</summary>
    internal int Most { get; }

    /// <summary>The first sample that makes sample <paramref name="index"/>, and the weights from there on.</summary>
    internal (int First, float[] Weights) At(int index) => (_first[index], _weights[index]);

    private static double CatmullRom(double distance)
    {
        double x = Math.Abs(distance);
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }
}
