namespace Hypir.Imaging.Damage;

/// <summary>Robust measures of many numbers.</summary>
internal static class Quantiles
{
    /// <summary>The number that a share of the others does not exceed.</summary>
    /// <param name="values">At least one number; they are sorted in place.</param>
    /// <param name="share">0 (the least) to 1 (the largest).</param>
    public static T Of<T>(T[] values, double share)
    {
        Array.Sort(values);
        return values[(int)(share * (values.Length - 1))];
    }
}
