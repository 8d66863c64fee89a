


using Hypir.Training.Data;
using Hypir.Training.Data.Manifests;

namespace Hypir.Training.Degrading;

/// <summary>One thing to degrade: a picture for which a recipe is to be drawn, or a recipe that is there already.</summary>
/// <param name="Label">What it is called while it is worked on.</param>
/// <param name="Entry">The picture to draw for; null where <paramref name="Recipe"/> is given.</param>
/// <param name="Recipe">The recipe to repeat; null where one is to be drawn.</param>
internal sealed record DegradeJob(string Label, ManifestEntry? Entry, BatchRecipe? Recipe);
