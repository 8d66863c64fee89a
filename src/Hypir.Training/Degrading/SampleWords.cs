


using Hypir.Training.Data;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Degrading;

/// <summary>Says all that was done to a picture: cut-out, flips, degradation.</summary>
internal static class SampleWords
{
    /// <summary>One line for each thing, in order.</summary>
    public static IReadOnlyList<string> Describe(BatchRecipe recipe, int index)
    {
        var sample = recipe.Samples[index];
        var words = new List<string>();
        if (sample.Crop is { } crop)
            words.Add($"cut-out of {crop.Size} px at ({crop.X}, {crop.Y}), the shorter side scaled to {crop.ShorterSide}");
        string[] turns =
        [
            .. sample.Flips.Horizontal ? (string[])["left and right"] : [], .. sample.Flips.Vertical ? (string[])["top and bottom"] : [],
            .. sample.Flips.Transpose ? (string[])["rows and columns"] : [],
        ];
        if (turns.Length > 0)
            words.Add($"changed places: {string.Join(", ", turns)}");
        return [.. words, .. RecipeWords.Describe(recipe.Degradation, index)];
    }
}
