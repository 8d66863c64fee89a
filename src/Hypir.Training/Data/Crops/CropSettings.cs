

using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Data.Crops;

/// <summary>What cut-outs are drawn from.</summary>
public sealed record CropSettings
{
    /// <summary>How pictures are cut.</summary>
    public CropType Type { get; init; } = CropType.None;

    /// <summary>Side of the square, in pixels.</summary>
    public int Size { get; init; } = 512;

    /// <summary>Which share of the scaled picture's shorter side a random square covers; above 0, at most 1.</summary>
    public ValueRange Fraction { get; init; } = new(0.7, 1);
}
