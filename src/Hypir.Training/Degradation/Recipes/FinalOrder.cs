namespace Hypir.Training.Degradation.Recipes;

/// <summary>The order of the last two operations.</summary>
public enum FinalOrder
{
    /// <summary>Resize and filter, then compress: a picture that was sharpened and then saved.</summary>
    SincThenJpeg,

    /// <summary>Compress, then resize and filter: a saved picture that was sharpened after opening.</summary>
    JpegThenSinc,
}
