using Hypir.Planning;

namespace Hypir.Networks.Models;

/// <summary>Reads what a plan needs to know of a model on disk.</summary>
public static class ModelFactsReader
{
    /// <summary>Reads what is to know of a model. Its weights stay closed.</summary>
    /// <param name="folder">An opened model.</param>
    /// <exception cref="ModelException">The model's <c>hypir.json</c> is not understood.</exception>
    public static ModelFacts ReadFacts(this ModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        // A single-file checkpoint has no folder of its own that could hold the file.
        ModelNeeds needs = Directory.Exists(folder.Path) ? ModelNeeds.OfFolder(folder.Path) : ModelNeeds.Reference;
        return new()
        {
            Name = needs.Name ?? Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(folder.Path)),
            UNet = folder.UNet,
            Vae = folder.Vae,
            TextEncoder = folder.TextEncoder,
            Needs = needs,
        };
    }
}
