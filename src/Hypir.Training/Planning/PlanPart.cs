namespace Hypir.Training.Planning;

/// <summary>One of the things that a training step needs.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Amount">Bytes, or operations.</param>
public sealed record PlanPart(string Name, double Amount);
