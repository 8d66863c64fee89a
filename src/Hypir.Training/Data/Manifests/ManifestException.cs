namespace Hypir.Training.Data.Manifests;

/// <summary>A list of pictures cannot be read, or names none.</summary>
/// <inheritdoc/>
public sealed class ManifestException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
