namespace Hypir.TrainTool.Tests.Training.Measuring;

/// <summary>What <see cref="StepProbe"/> saw.</summary>
/// <param name="Peaks">Largest resident memory of each step, bytes.</param>
/// <param name="Seconds">Of each step.</param>
/// <param name="TensorsLeft">Tensors alive after all steps, more than before the first.</param>
internal sealed record StepMeasure(IReadOnlyList<long> Peaks, IReadOnlyList<double> Seconds, long TensorsLeft);
