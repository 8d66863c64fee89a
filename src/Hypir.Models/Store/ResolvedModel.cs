namespace Hypir.Models.Store;

/// <summary>A model as it is used: a base, perhaps LoRA weights on it, and defaults.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The base's folder or file.</param>
/// <param name="Lora">File of LoRA weights, or null.</param>
/// <param name="Defaults">What holds where nothing else is said.</param>
public sealed record ResolvedModel(string Name, string Path, string? Lora, ModelDefaults Defaults);
