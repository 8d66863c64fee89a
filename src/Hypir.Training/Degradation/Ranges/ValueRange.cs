namespace Hypir.Training.Degradation.Ranges;

/// <summary>Numbers between two bounds, all equally likely.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound, not below <paramref name="Low"/>.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>Draws a number.</summary>
    public double Sample(SeededRandom random) => random.Uniform(Low, High);
}
