namespace Hypir.TrainTool.Training;

/// <summary>A training cannot begin or go on as it is set up.</summary>
public sealed class TrainingException(string message, string remedy) : HypirException(message, remedy);
