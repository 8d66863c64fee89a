

using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Data;

/// <summary>One line of a recipe file: samples that were degraded together, and all that was chosen for them.</summary>
/// <param name="Samples">The samples, in the batch's order.</param>
/// <param name="Degradation">Their degradation, with as many pictures.</param>
public sealed record BatchRecipe(IReadOnlyList<SampleRecipe> Samples, DegradationRecipe Degradation);
