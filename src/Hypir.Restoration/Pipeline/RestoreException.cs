namespace Hypir.Restoration.Pipeline;

/// <summary>A restoration cannot be completed with this model and picture.</summary>
/// <inheritdoc/>
public sealed class RestoreException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
