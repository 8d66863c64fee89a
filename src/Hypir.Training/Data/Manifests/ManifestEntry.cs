namespace Hypir.Training.Data.Manifests;

/// <summary>A picture of a list.</summary>
/// <param name="Path">Its file. That it exists is not checked before it is wanted.</param>
/// <param name="Prompt">Its caption, "" where there is none.</param>
public sealed record ManifestEntry(string Path, string Prompt);
