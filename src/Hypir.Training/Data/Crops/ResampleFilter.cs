namespace Hypir.Training.Data.Crops;

/// <summary>Weights by the distance from an output pixel, in output pixels when shrinking.</summary>
public enum ResampleFilter
{
    /// <summary>1 up to half a pixel away: the mean of what an output pixel covers.</summary>
    Box,

    /// <summary>Keys' cubic with a = -0.5, to two pixels away.</summary>
    Bicubic,
}
