namespace Hypir.Restoration.Planning;

/// <summary>What is done with a picture that is smaller than a model's minimum.</summary>
public enum BelowMinimum
{
    /// <summary>The shorter side is enlarged to the tile size, as the reference does, and the result scaled back.</summary>
    Enlarge,

    /// <summary>The picture is padded by reflection.</summary>
    Pad,
}
