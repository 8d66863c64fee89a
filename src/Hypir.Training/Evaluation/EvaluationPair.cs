namespace Hypir.Training.Evaluation;

/// <summary>A damaged picture and the true one.</summary>
/// <param name="Name">What the pair is called.</param>
/// <param name="Damaged">The damaged picture's file.</param>
/// <param name="Clean">The true picture's file.</param>
internal sealed record EvaluationPair(string Name, string Damaged, string Clean);
