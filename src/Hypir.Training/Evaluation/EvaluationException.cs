namespace Hypir.Training.Evaluation;

/// <summary>There is nothing to evaluate, or what there is does not fit together.</summary>
public sealed class EvaluationException(string message, string remedy) : HypirException(message, remedy);
