namespace Hypir.Training.Loop;

/// <summary>What training one network on one batch told.</summary>
/// <param name="Side">Which network.</param>
/// <param name="Losses">
/// By the names of the reference's logs, weighted, not divided by the accumulation: G_total, G_mse, G_lpips, G_disc; D, D_logits_real, D_logits_fake.
/// </param>
/// <param name="LogitMeans">Mean logit of each level, for each call of the decoder: one for the generator; real, then fake for the discriminator.</param>
/// <param name="Synchronised">Whether gradients were complete, so that a step was due.</param>
/// <param name="GradientNorm">The gradient's norm before clipping where a step was due, else null.</param>
/// <param name="Skipped">Whether the step was left out since the norm is not finite; parameters and optimizer are as before, the gradients are gone.</param>
public sealed record StepReport(
    StepSide Side, IReadOnlyDictionary<string, double> Losses, IReadOnlyList<IReadOnlyList<double>> LogitMeans, bool Synchronised, double? GradientNorm, bool Skipped);
