namespace Hypir.Training.Loop;

/// <summary>A training cannot begin or go on as it is set up.</summary>
public sealed class TrainingException(string message, string remedy) : HypirException(message, remedy);
