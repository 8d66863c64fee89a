namespace Hypir.Training.Loop;

/// <summary>Where a run stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="GeneratorLoss">The generator's last loss; null before its first step.</param>
/// <param name="DiscriminatorLoss">The discriminator's; null before its first step, and where there is none.</param>
/// <param name="SamplesPerSecond">Pairs trained on in a second, lately.</param>
/// <param name="Left">Time that is left; null as long as nothing is known.</param>
internal sealed record TrainProgress(long Step, long Steps, double? GeneratorLoss, double? DiscriminatorLoss, double SamplesPerSecond, TimeSpan? Left);
