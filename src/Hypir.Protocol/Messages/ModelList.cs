namespace Hypir.Protocol;

/// <summary>What requests can name.</summary>
/// <param name="Models">Models; the one that ships is first.</param>
/// <param name="Loras">Names of LoRA files.</param>
public sealed record ModelList(IReadOnlyList<ModelEntry> Models, IReadOnlyList<string> Loras);
