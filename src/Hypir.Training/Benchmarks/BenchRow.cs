namespace Hypir.Training.Benchmarks;

/// <summary>How long one element takes.</summary>
/// <param name="Element">What was done.</param>
/// <param name="BestMilliseconds">The shortest time for one sample, in milliseconds.</param>
/// <param name="MedianMilliseconds">The median.</param>
/// <param name="CpuMilliseconds">Processor time of all threads for one sample: what other programs on the machine do hardly changes it.</param>
/// <param name="SamplesPerSecond">By the shortest time; of a whole run: what was reached.</param>
internal sealed record BenchRow(string Element, double BestMilliseconds, double MedianMilliseconds, double CpuMilliseconds, double SamplesPerSecond);
