namespace Hypir.Training.Benchmarks;

/// <summary>Something to be timed: done once for one sample, within a dispose scope.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Once">Does it.</param>
internal sealed record BenchElement(string Name, Action Once);
