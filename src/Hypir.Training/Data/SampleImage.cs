

using Hypir.Imaging;
using Hypir.Training.Data.Crops;
using static TorchSharp.torch;

namespace Hypir.Training.Data;

/// <summary>Does to a picture what was drawn for it before its degradation.</summary>
public static class SampleImage
{
    /// <summary>Decodes, cuts and turns.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="cancellation">Ends decoding.</param>
    /// <returns>(3, H, W), bytes, contiguous, on the CPU.</returns>
    /// <exception cref="ImageException">The file is not there, damaged, or has another size than the recipe was drawn for.</exception>
    public static Tensor Load(SampleRecipe recipe, CancellationToken cancellation = default)
    {
        var picture = ImageFile.Load(recipe.Source, null, cancellation);
        if (picture.Width != (recipe.Width ?? picture.Width) || picture.Height != (recipe.Height ?? picture.Height))
            throw new ImageException(recipe.Source, $"It has {picture.Width}x{picture.Height} pixels, and the recipe is for {recipe.Width}x{recipe.Height}.",
                "The picture has changed since: take the one that the recipe was made with.");
        if (recipe.Crop is { } crop && CropGeometry.Of(picture.Width, picture.Height, crop.ShorterSide) is var scaled
            && (crop.X + crop.Size > scaled.Width || crop.Y + crop.Size > scaled.Height))
            throw new ImageException(recipe.Source, $"The cut-out ends at ({crop.X + crop.Size}, {crop.Y + crop.Size}), and the scaled picture at ({scaled.Width}, {scaled.Height}).",
                "Correct the recipe's crop.");
        using var scope = NewDisposeScope();
        var image = Cropper.Cut(RgbImage.Of(picture), recipe.Crop);
        return recipe.Flips.Apply(ImageTensor.Of(image)).MoveToOuterDisposeScope();
    }
}
