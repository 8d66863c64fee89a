namespace Hypir.Training.Degradation;

/// <summary>The ways of resizing that the pipeline draws from.</summary>
public enum ResizeMode
{
    /// <summary>Each output pixel is the mean of the input pixels that its area touches.</summary>
    Area,

    /// <summary>Linear interpolation between the four nearest pixels; nothing is averaged when shrinking, so it aliases, as cheap software does.</summary>
    Bilinear,

    /// <summary>Cubic convolution over the sixteen nearest pixels, a = -0.75, not limited to [0, 1]; aliases when shrinking.</summary>
    Bicubic,
}
