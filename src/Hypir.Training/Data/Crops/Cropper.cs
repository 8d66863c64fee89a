using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Data.Crops;

/// <summary>Draws crops and applies them.</summary>
public static class Cropper
{
    /// <summary>Draws a crop.</summary>
    /// <param name="settings">Kind, size and range of scales.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="random">The sample's stream.</param>
    /// <returns>The crop; null if the image is used whole because cropping is off or it already has the right size.</returns>
    public static CropRecipe? Sample(CropSettings settings, int width, int height, SeededRandom random)
    {
        int size = settings.Size;
        if (settings.Type == CropType.None || (width == size && height == size))
            return null;
        if (settings.Type == CropType.Center)
        {
            var centred = CropGeometry.Of(width, height, size);
            return new(size, size, (centred.Width - size) / 2, (centred.Height - size) / 2);
        }
        int shorter = random.Whole((int)Math.Ceiling(size / settings.Fraction.High), (int)Math.Ceiling(size / settings.Fraction.Low));
        var scaled = CropGeometry.Of(width, height, shorter);
        int y = random.Whole(0, scaled.Height - size), x = random.Whole(0, scaled.Width - size);
        return new(size, shorter, x, y);
    }

    /// <summary>Applies a crop.</summary>
    /// <param name="image">The image that the crop was drawn for.</param>
    /// <param name="crop">The crop; null returns the image itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop was drawn for an image of another size and does not fit into this
    /// one.</exception>
    public static RgbImage Cut(RgbImage image, CropRecipe? crop)
    {
        if (crop is null)
            return image;
        var geometry = CropGeometry.Of(image.Width, image.Height, crop.ShorterSide);
        for (int i = 0; i < geometry.Halvings; i++)
            image = ByteResampler.Resize(image, image.Width / 2, image.Height / 2, ResampleFilter.Box);
        return ByteResampler.Resize(image, geometry.Width, geometry.Height, ResampleFilter.Bicubic, crop.X, crop.Y, crop.Size, crop.Size);
    }
}

/// <summary>
/// How an image is scaled to a given shorter side: halved with a box filter while it is at least twice as large (which avoids the aliasing
/// of a single large step), then scaled with a bicubic filter. OpenAI's guided-diffusion does the same, and the reference follows it.
/// </summary>
/// <param name="Halvings">Number of halvings of width and height, rounding down.</param>
/// <param name="Width">Width after the bicubic step.</param>
/// <param name="Height">Height after the bicubic step.</param>
public sealed record CropGeometry(int Halvings, int Width, int Height)
{
    /// <summary>Computes the sizes; halves of a pixel are rounded to even.</summary>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="shorterSide">The desired length of the shorter side.</param>
    public static CropGeometry Of(int width, int height, int shorterSide)
    {
        int halvings = 0;
        while (Math.Min(width, height) >= 2 * shorterSide)
            (width, height, halvings) = (width / 2, height / 2, halvings + 1);
        double scale = (double)shorterSide / Math.Min(width, height);
        return new(halvings, (int)Math.Round(width * scale), (int)Math.Round(height * scale));
    }
}

/// <summary>A crop: the image is scaled to a given shorter side, then a square is cut out.</summary>
/// <param name="Size">Side of the square.</param>
/// <param name="ShorterSide">Length of the scaled image's shorter side, at least <paramref name="Size"/>.</param>
/// <param name="X">First column of the square in the scaled image.</param>
/// <param name="Y">First row of the square in the scaled image.</param>
public sealed record CropRecipe(int Size, int ShorterSide, int X, int Y);

/// <summary>The settings that crops are drawn from.</summary>
public sealed record CropSettings
{
    /// <summary>How images are cut.</summary>
    public CropType Type { get; init; } = CropType.None;

    /// <summary>Side of the square, in pixels.</summary>
    public int Size { get; init; } = 512;

    /// <summary>Share of the scaled image's shorter side that a random square covers; above 0, at most 1.</summary>
    public ValueRange Fraction { get; init; } = new(0.7, 1);
}

/// <summary>How training images are cut to one size.</summary>
public enum CropType
{
    /// <summary>Not cropped: images already have the right size.</summary>
    None,

    /// <summary>Scaled until the shorter side fits, then cropped at the center.</summary>
    Center,

    /// <summary>Scaled to a random size that is at least large enough, then cropped at a random place.</summary>
    Random,
}
