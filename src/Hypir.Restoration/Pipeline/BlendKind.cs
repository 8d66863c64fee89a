namespace Hypir.Restoration.Pipeline;

/// <summary>How tiles are weighted where they overlap.</summary>
internal enum BlendKind
{
    /// <summary>
    /// Neighbours take over from each other linearly in the middle half of what they share: the quarter next to a tile's edge, where its network saw least of what
    /// surrounds it, counts nothing.
    /// </summary>
    Ramp,

    /// <summary>The reference's Gaussian, whose centre lies half a row too low; a single tile is blended too, as there.</summary>
    ReferenceGaussian,
}
