

using Hypir.Training.Degradation;

namespace Hypir.Training.Data.Crops;

/// <summary>Draws cut-outs, and cuts them.</summary>
public static class Cropper
{
    /// <summary>Draws a cut-out.</summary>
    /// <param name="settings">Kind, size and range of scales.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="random">The sample's stream.</param>
    /// <returns>The cut-out; null where the picture is taken whole: cropping is off, or it has the size already.</returns>
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

    /// <summary>Cuts.</summary>
    /// <param name="image">The picture that the cut-out was drawn for.</param>
    /// <param name="crop">The cut-out; null gives the picture itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cut-out was drawn for a picture of another size and does not lie within this one.</exception>
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
