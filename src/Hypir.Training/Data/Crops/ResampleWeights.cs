namespace Hypir.Training.Data.Crops;

/// <summary>Where the pixels of one axis come from, and with which weights, in fixed point.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Fraction bits: 8 are left for the samples and 2 for sums that overshoot.</summary>
    public const int Precision = 32 - 8 - 2;

    private readonly int[] _starts;
    private readonly int[][] _weights;

    /// <summary>Weights for <paramref name="count"/> outputs from <paramref name="first"/> on, of an axis resized from one size to another.</summary>
    public ResampleWeights(int from, int to, ResampleFilter filter, int first, int count)
    {
        (_starts, _weights) = (new int[count], new int[count][]);
        double step = (double)from / to, stretch = Math.Max(step, 1), support = (filter == ResampleFilter.Box ? 0.5 : 2) * stretch;
        for (int i = 0; i < count; i++)
        {
            double middle = (first + i + 0.5) * step;
            int start = Math.Max(0, (int)(middle - support + 0.5)), end = Math.Min(from, (int)(middle + support + 0.5));
            var weights = new double[end - start];
            for (int x = 0; x < weights.Length; x++)
                weights[x] = Weight(filter, (start + x - middle + 0.5) / stretch);
            double sum = weights.Sum();
            _starts[i] = start;
            _weights[i] = [.. weights.Select(weight => Fixed(weight / sum))];
        }
    }

    /// <summary>Number of outputs.</summary>
    public int Count => _starts.Length;

    /// <summary>The first input pixel that any output needs.</summary>
    public int First => _starts[0];

    /// <summary>The input pixel after the last that any output needs.</summary>
    public int End => _starts[^1] + _weights[^1].Length;

    /// <summary>The first input pixel of an output, and the weights from there on.</summary>
    public (int Start, int[] Weights) this[int output] => (_starts[output], _weights[output]);

    private static int Fixed(double weight) => (int)(weight * (1 << Precision) + (weight < 0 ? -0.5 : 0.5));

    private static double Weight(ResampleFilter filter, double x)
    {
        if (filter == ResampleFilter.Box)
            return x is > -0.5 and <= 0.5 ? 1 : 0;
        const double a = -0.5;
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * a,
            _ => 0,
        };
    }
}
