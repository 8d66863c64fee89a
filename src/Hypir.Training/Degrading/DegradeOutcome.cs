using Hypir.Training.Data;

namespace Hypir.Training.Degrading;

/// <summary>What became of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Recipe">What was done; null where it failed.</param>
/// <param name="Pairs">For the contact sheet, where it wants some.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record DegradeOutcome(DegradeJob Job, BatchRecipe? Recipe, IReadOnlyList<Pair> Pairs, HypirException? Failure);
