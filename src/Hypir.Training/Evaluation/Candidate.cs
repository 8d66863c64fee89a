namespace Hypir.Training.Evaluation;

/// <summary>What is measured against the true pictures.</summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Model">The model's folder or file; null for the damaged pictures themselves.</param>
/// <param name="Lora">LoRA weights, or null.</param>
internal sealed record Candidate(string Label, string? Model, string? Lora)
{
    /// <summary>The damaged pictures as they are.</summary>
    public static Candidate Input { get; } = new("input", null, null);
}
