namespace Hypir.Restoration.Pipeline;

/// <summary>How tiles are weighted where they overlap.</summary>
internal enum BlendKind
{
    /// <summary>Every value counts the same.</summary>
    Uniform,

    /// <summary>A Gaussian around the tile's centre.</summary>
    Gaussian,

    /// <summary>The reference's Gaussian, whose centre lies half a row too low; a single tile is blended too, as there.</summary>
    ReferenceGaussian,
}
