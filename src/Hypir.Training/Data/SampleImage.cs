using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Data;

/// <summary>Applies a sample's recipe to its image, up to the degradation.</summary>
public static class SampleImage
{
    /// <summary>Decodes, crops, and flips.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cancellation">Cancels decoding.</param>
    /// <returns>(3, H, W), bytes, contiguous, on the CPU.</returns>
    /// <exception cref="ImageException">The file is missing, damaged, or has a different size than the recipe expects.</exception>
    public static Tensor Load(SampleRecipe recipe, CancellationToken cancellation = default)
    {
        var image = ImageFile.Load(recipe.Source, null, cancellation);
        if (image.Width != (recipe.Width ?? image.Width) || image.Height != (recipe.Height ?? image.Height))
            throw new ImageException(
                recipe.Source, $"It has {image.Width}x{image.Height} pixels, but the recipe is for {recipe.Width}x{recipe.Height}.",
                "The image has changed: use the one that the recipe was made for.");
        if (
            recipe.Crop is { } crop
            && CropGeometry.Of(image.Width, image.Height, crop.ShorterSide) is var scaled
            && (crop.X + crop.Size > scaled.Width || crop.Y + crop.Size > scaled.Height)
        )
            throw new ImageException(
                recipe.Source,
                $"The crop ends at ({crop.X + crop.Size}, {crop.Y + crop.Size}), the scaled image at ({scaled.Width}, {scaled.Height}).",
                "Correct the recipe's crop."
            );
        using var scope = NewDisposeScope();
        var cut = Cropper.Cut(RgbImage.Of(image), recipe.Crop);
        return recipe.Flips.Apply(ImageTensor.Of(cut)).MoveToOuterDisposeScope();
    }
}

/// <summary>Converts between images and tensors.</summary>
public static class ImageTensor
{
    /// <summary>An image as (3, H, W), bytes.</summary>
    public static Tensor Of(RgbImage image)
    {
        using var scope = NewDisposeScope();
        return tensor(image.Pixels, [image.Height, image.Width, 3]).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Bytes as numbers in [0, 1]: multiples of 1/255 in float32.</summary>
    /// <param name="bytes">Any shape.</param>
    public static Tensor ToUnit(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        return bytes.to(float32).DividedBy(255).MoveToOuterDisposeScope();
    }

    /// <summary>An image in [0, 1] as bytes, rounded and limited.</summary>
    /// <param name="image">(3, H, W), floating point.</param>
    public static RgbImage ToImage(Tensor image)
    {
        using var scope = NewDisposeScope();
        var bytes = image.Times(255).round().Clamped(0, 255).to(uint8).permute(1, 2, 0).contiguous().cpu();
        return new((int)image.shape[2], (int)image.shape[1], [.. bytes.data<byte>()]);
    }
}

/// <summary>Draws what is done to an image before its degradation. Only the image's header is read.</summary>
/// <param name="settings">The settings to draw from.</param>
public sealed class SampleDrawer(DataSettings settings)
{
    /// <summary>Draws for one image.</summary>
    /// <param name="entry">The image.</param>
    /// <param name="name">The sample's name.</param>
    /// <param name="random">The sample's stream.</param>
    /// <exception cref="ImageException">The file is missing or not a readable image.</exception>
    public SampleRecipe Draw(ManifestEntry entry, string name, SeededRandom random)
    {
        var info = ImageFile.Inspect(entry.Path);
        return new()
        {
            Name = name,
            Source = entry.Path,
            Width = info.Width,
            Height = info.Height,
            Crop = Cropper.Sample(settings.Crop, info.Width, info.Height, random),
            Flips = Flips.Sample(settings.Flips, random),
            Prompt = random.Chance(settings.EmptyPromptProbability) ? "" : entry.Prompt,
        };
    }
}
