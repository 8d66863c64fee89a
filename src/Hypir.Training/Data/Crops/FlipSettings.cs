namespace Hypir.Training.Data.Crops;

/// <summary>What flips are drawn from.</summary>
public sealed record FlipSettings
{
    /// <summary>Whether left and right may change places.</summary>
    public bool UseHorizontal { get; init; }

    /// <summary>Whether pictures may be turned (vertical flips and transpositions).</summary>
    public bool UseRotation { get; init; }

    /// <summary>How often left and right change places.</summary>
    public double HorizontalProbability { get; init; } = 0.5;

    /// <summary>How often top and bottom change places.</summary>
    public double VerticalProbability { get; init; } = 0.5;

    /// <summary>How often rows become columns.</summary>
    public double TransposeProbability { get; init; } = 0.5;
}
