namespace Hypir.Training.Data.Crops;

/// <summary>
/// How a picture is scaled until its shorter side has a length: halved (a box filter, the longer way but without aliasing in one great step) while it is at
/// least twice as large, then by a bicubic filter. This is the practice of OpenAI's guided-diffusion, which the reference follows.
/// </summary>
/// <param name="Halvings">How often width and height are halved, rounding down.</param>
/// <param name="Width">Width after the bicubic step.</param>
/// <param name="Height">Height after the bicubic step.</param>
public sealed record CropGeometry(int Halvings, int Width, int Height)
{
    /// <summary>Computes the sizes; halves of a pixel are rounded to even.</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="shorterSide">The length wanted of the shorter side.</param>
    public static CropGeometry Of(int width, int height, int shorterSide)
    {
        int halvings = 0;
        while (Math.Min(width, height) >= 2 * shorterSide)
            (width, height, halvings) = (width / 2, height / 2, halvings + 1);
        double scale = (double)shorterSide / Math.Min(width, height);
        return new(halvings, (int)Math.Round(width * scale), (int)Math.Round(height * scale));
    }
}
