namespace Hypir.Core;

/// <summary>A model folder, its configuration or its weights do not fit together or are of an unsupported kind.</summary>
/// <inheritdoc/>
public sealed class ModelException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
