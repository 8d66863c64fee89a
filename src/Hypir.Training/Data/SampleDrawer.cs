





using Hypir.Imaging;
using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;

namespace Hypir.Training.Data;

/// <summary>Draws what is done to a picture before it is degraded. Of the picture only the header is read.</summary>
/// <param name="settings">What to draw from.</param>
public sealed class SampleDrawer(DataSettings settings)
{
    /// <summary>Draws for one picture.</summary>
    /// <param name="entry">The picture.</param>
    /// <param name="name">What the sample is to be called.</param>
    /// <param name="random">The sample's stream.</param>
    /// <exception cref="ImageException">The file is not there, or no picture that is read.</exception>
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
