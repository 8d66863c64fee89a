namespace Hypir.Training.Degradation.Ranges;

/// <summary>Odd kernel sizes between two bounds, all equally likely.</summary>
/// <param name="Low">The smallest, odd, at least 1.</param>
/// <param name="High">The largest, odd, not below <paramref name="Low"/>.</param>
public readonly record struct SizeRange(int Low, int High)
{
    /// <summary>Draws a size.</summary>
    public int Sample(SeededRandom random) => Low + 2 * random.Whole(0, (High - Low) / 2);
}
