namespace Hypir.Training.Degradation.Ranges;

/// <summary>What the last filter of the pipeline is drawn from. The defaults are the reference's.</summary>
public sealed record FinalSincRanges
{
    /// <summary>How often there is one; else a pulse, which changes nothing.</summary>
    public double Probability { get; init; } = 0.8;

    /// <summary>Side lengths.</summary>
    public SizeRange Sizes { get; init; } = new(7, 21);

    /// <summary>Cut-off frequencies in radians a pixel.</summary>
    public ValueRange Cutoff { get; init; } = new(Math.PI / 3, Math.PI);
}
