namespace Hypir.Restoration.Planning;

/// <summary>What is done with a picture that is smaller than a model's minimum.</summary>
public enum BelowMinimum
{
    /// <summary>
    /// The shorter side is enlarged to the minimum and the result scaled back. The reference does so, its minimum being the tile.
    /// </summary>
    Enlarge,

    /// <summary>The picture is padded.</summary>
    Pad,
}
